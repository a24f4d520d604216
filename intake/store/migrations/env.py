"""Run by Alembic: the versions over the connection that `intake.store.migrating` opened."""

from alembic import context

from intake.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
