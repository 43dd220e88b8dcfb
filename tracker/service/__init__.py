"""What runs: one process that alerts, serves and follows its files.

wiring.py builds its parts, process.py runs them: schedule.py has the jobs, pipeline.py the way from
the files to the messages, planner.py and change_planner.py write down what is due, workers.py sends
beside other machines, health.py says whether all is well. Whether and what will arrive is said by
doctor.py, sample_alert.py and alert_log.py; static_site.py publishes without a process.
"""
