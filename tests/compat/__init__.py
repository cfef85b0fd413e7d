"""
The real functions of ``learner_profile_plugin.compat``, run against a stand-in for the platform's modules.

They prove logic and shapes: which attributes and managers of the platform are read and with which arguments it is
asked, how its statuses, dates, links and marks of privacy become our data classes, and in how many queries, with
tables whose columns and relations are named as the platform's were when it was read (edx-platform, end of 2025).

They do not prove that the platform still has these modules, names and meanings, nor what its own functions answer or
how many queries these take, for they are stand-ins here. That takes a real LMS.
"""
