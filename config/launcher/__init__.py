"""Starting, supervising and stopping the project's processes: `python -m config.launcher run|serve|with-servers`."""
