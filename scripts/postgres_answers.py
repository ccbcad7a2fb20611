"""Exit code 0 if a PostgreSQL answers at the address given."""

import sys

import psycopg


def main(address: str) -> None:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.Error as error:
        sys.exit(f"No PostgreSQL answers for the tests: {str(error).strip()}")


main(sys.argv[1])
