"""`python -m config.launcher run`, `serve`, or `with-servers -- COMMAND …`."""

import os
import sys

from config.launcher.errors import LaunchError
from config.launcher.run import run
from config.launcher.serve import serve
from config.launcher.supervisor import Stop
from config.launcher.temporary_servers import with_servers

USAGE = "usage: python -m config.launcher run | serve | with-servers -- COMMAND ..."


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["run"]:
                return run(os.environ)
            case ["serve"]:
                return serve(os.environ)
            case ["with-servers", "--", *command] if command:
                return with_servers(command, os.environ)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except Stop:
        return 130
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
