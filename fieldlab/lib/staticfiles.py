from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and pre-compressed files, also for what ES modules import from each other."""

    support_js_module_import_aggregation = True
