"""The phone's side: the client store, its Python Vars and acts, the build, the worker and the manifest."""
