"""Does the work that takes long: jobs are rows in the store, the runner claims them, the planner's process solves.

wake = threading.Event()
services = build_services(settings, wake=wake.set)
runner = Runner(services, wake=wake)
runner.start()
...
runner.stop()
"""

from dispatch.jobs.planner import Planner
from dispatch.jobs.runner import Runner

__all__ = ["Planner", "Runner"]
