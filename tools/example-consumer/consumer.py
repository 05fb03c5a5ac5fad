"""Follows the execution log of Millrace and prints what became of each instance.

    pip install 'confluent-kafka[avro,schemaregistry]'
    KAFKA_BROKERS=localhost:9092 SCHEMA_REGISTRY_URL=http://localhost:8081 DATABASE_FILE=instances.db python consumer.py

TOPIC and GROUP_ID may be set too. docs/execution-log.md says what each entry means.
"""

import json
import os
import signal
import sqlite3

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

topic = os.environ.get("TOPIC", "workflow.execution-log")
database = sqlite3.connect(os.environ["DATABASE_FILE"])
database.execute(
    "CREATE TABLE IF NOT EXISTS instances (tenant_id TEXT, instance_id TEXT, last_seq INTEGER, status TEXT,"
    " PRIMARY KEY (tenant_id, instance_id))"
)
registry = SchemaRegistryClient({"url": os.environ["SCHEMA_REGISTRY_URL"]})
decode = AvroDeserializer(registry)
consumer = Consumer(
    {
        "bootstrap.servers": os.environ["KAFKA_BROKERS"],
        "group.id": os.environ.get("GROUP_ID", "execution-log-example-python"),
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)


def take(record):
    """Takes the entries that are new; those that came before have a seq that the instance has passed."""
    key = (record["tenant_id"], record["instance_id"])
    found = database.execute("SELECT last_seq, status FROM instances WHERE tenant_id = ? AND instance_id = ?", key).fetchone()
    last_seq, status = found or (0, None)
    for entry in record["entries"]:
        if entry["seq"] <= last_seq:
            continue
        last_seq = entry["seq"]
        # Entries of other types than these are about actions, or of types that are not known yet.
        if entry["type"].startswith("instance_") or entry["type"] in ("retry_requested", "run_retried"):
            status = entry["status"]
            print(json.dumps({"instance_id": key[1], "seq": last_seq, "status": status, "reason": entry["reason"]}), flush=True)
    database.execute("REPLACE INTO instances VALUES (?, ?, ?, ?)", (*key, last_seq, status))


running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
consumer.subscribe([topic])
while running:
    messages = [message for message in consumer.consume(500, timeout=1.0) if message.error() is None]
    if not messages:
        continue
    # What is taken is durable before its offset is: after a crash in between it comes again, and is known.
    with database:
        for message in messages:
            if message.value() is not None:
                take(decode(message.value(), SerializationContext(topic, MessageField.VALUE)))
    consumer.commit(asynchronous=False)
consumer.close()
database.close()
