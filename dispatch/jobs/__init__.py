"""Does the work that takes long: jobs are rows in the store, the runner claims them, the planner's process solves.

wake = threading.Event()
services = build_services(settings, wake=wake.set)
runner = Runner(services, wake=wake)
runner.start()
...
runner.stop()

What must not wait for a plan (messages out) runs in `loops_of(services)`, a thread for each kind. What programs send is solved by an `AskedPlanner`, a process of its own, handed to the pages as `Services.solve_apart`.
"""

from dispatch.jobs.asked import AskedPlanner
from dispatch.jobs.loops import Loops, loops_of
from dispatch.jobs.planner import Planner
from dispatch.jobs.runner import Runner

__all__ = ["AskedPlanner", "Loops", "Planner", "Runner", "loops_of"]
