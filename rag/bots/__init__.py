"""What every chat service shares: messages in, work done once, replies out. One adapter a service."""
