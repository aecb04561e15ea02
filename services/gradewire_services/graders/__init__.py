"""Our own graders: one short file each, which adapts an engine's own result to a Grade."""
