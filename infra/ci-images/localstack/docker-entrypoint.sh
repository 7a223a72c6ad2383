#!/bin/bash
# Starts LocalStack; ends with it.
set -euo pipefail
exec /opt/code/localstack/.venv/bin/python -m localstack.runtime.main
