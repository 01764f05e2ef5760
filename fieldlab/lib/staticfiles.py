from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and pre-compressed files, also for what our own ES modules import from each other."""

    support_js_module_import_aggregation = True
    # Of "*.js" only ours: others' may import by names that are no paths, as htmx's extensions do.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],  # type: ignore[attr-defined]
    )
