"""Points of a study on a cluster of dask.distributed, here or anywhere."""

import logging
from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from golden.command.console import InputError

if TYPE_CHECKING:
    from distributed import LocalCluster

PATIENCE = "10s"
"""For a scheduler to answer."""
LOCAL = "local"
"""Instead of an address: a cluster of this machine's own, that ends with the command."""


@contextmanager
def cluster(address: str, jobs: int) -> Generator[Executor]:
    """Within this context, the workers of a cluster; what they have not finished is given up.

    A point whose worker dies is run by another, up to three times. None that is done is run again,
    unless its worker dies before the result has come here.

    Parameters
    ----------
    address : str
        Of a scheduler, or `LOCAL`.
    jobs : int
        Processes of a local cluster.

    Raises
    ------
    InputError
        If there is no such cluster, or the library is not there.
    """
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise InputError("--dask must have distributed: pip install 'goldspike[dask]'") from None
    # Whatever a worker dies of, the table has every point, or says which has failed.
    with silence_logging_cmgr(logging.CRITICAL), ExitStack() as ends:
        try:
            if address != LOCAL:
                # A client that is made for what is no address complains when it is collected.
                get_address_host_port(address)
            place = ends.enter_context(local_cluster(jobs)) if address == LOCAL else address
            client = ends.enter_context(Client(place, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise InputError(
                f"--dask must be {LOCAL} or the address of a scheduler, not {address!r}: {error}"
            ) from error
        # Not pure: what another sweep had of the same scheduler may have been learned elsewhere.
        yield client.get_executor(pure=False)


def local_cluster(jobs: int) -> "LocalCluster":
    """Return a context: a scheduler in this process, and workers that are replaced if they die."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=jobs,
        threads_per_worker=1,
        memory_limit=None,
        dashboard_address=None,  # pyright: ignore[reportArgumentType]
        silence_logs=logging.CRITICAL,
    )
