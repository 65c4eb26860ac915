"""What the network core adds to the link: runs, and spikes both ways."""
