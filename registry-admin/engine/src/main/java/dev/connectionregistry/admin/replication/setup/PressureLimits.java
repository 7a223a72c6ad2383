package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.server.Pressure;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * From where on the next table waits.
 *
 * @param retained WAL that slots keep on the source
 * @param transactionAge how old the source's oldest transaction may be
 */
public record PressureLimits(ByteSize retained, Duration transactionAge) {
    /** 20 GB and an hour. */
    public static final PressureLimits USUAL = new PressureLimits(ByteSize.parse("20GB"), Duration.ofHours(1));

    /** What is beyond a limit, in words; empty if nothing is. */
    public Optional<String> exceededBy(Pressure pressure) {
        if (pressure.retained() > retained.bytes()) {
            return Optional.of("slot " + pressure.slot() + " keeps " + ByteSize.text(pressure.retained())
                    + " of WAL on the source, and --max-retained-wal is " + retained);
        }
        if (pressure.oldest().compareTo(transactionAge) > 0) {
            return Optional.of("a transaction of " + pressure.owner() + " on the source is "
                    + Durations.text(pressure.oldest()) + " old, and --max-transaction-age is "
                    + Durations.text(transactionAge));
        }
        return Optional.empty();
    }
}
