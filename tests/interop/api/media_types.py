"""Media types that schemathesis has no serializer for: their bodies are bytes as they are."""
import schemathesis

schemathesis.serializer.alias("application/timestamp-query", "application/octet-stream")
