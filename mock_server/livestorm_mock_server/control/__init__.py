"""The control API under `/_mock/`: what a test in any language needs to steer a sandbox."""
