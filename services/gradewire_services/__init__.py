"""The gRPC servers, the worker pools and the sandbox behind one contract."""
