"""The fitness card of a model for one lesson on this machine: is it worth having it judge, and speak?"""
