package dev.connectionregistry.admin.replication.postgres.follow;

import java.util.Locale;

/** Positions in a server's log as numbers of bytes. */
final class Lsn {
    private Lsn() {}

    /** As the server writes it: {@code 0/16B3748}. */
    static String text(long position) {
        return String.format(Locale.ROOT, "%X/%X", position >>> 32, position & 0xFFFF_FFFFL);
    }
}
