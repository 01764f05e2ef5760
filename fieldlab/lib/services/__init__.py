"""PostgreSQL and Redis from wheels, and the processes around them: nothing outlives the one who started it."""

from fieldlab.lib.services.embedded import start_embedded
from fieldlab.lib.services.processes import Processes, ServiceError, Stopped
from fieldlab.lib.services.running import RunningDemo, use_running_demo

__all__ = ["Processes", "RunningDemo", "ServiceError", "Stopped", "start_embedded", "use_running_demo"]
