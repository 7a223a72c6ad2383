package dev.connectionregistry.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * Gives a copied data directory its own system identifier. Otherwise all servers made from one template would claim to
 * be the same cluster, and a check that two servers are different could not be tested.
 */
final class ClusterIdentity {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SMALLEST_CONTROL_DATA = 128;
    private static final int LARGEST_CONTROL_DATA = 512; // Postgres' own limit: one disk sector
    private static final int WAL_FLAGS_OFFSET = 2;
    private static final int WAL_IDENTIFIER_OFFSET = 24;
    private static final int WAL_LONG_HEADER = 0x0002;

    private ClusterIdentity() {}

    /** The server must have been shut down cleanly, or must never have run. */
    static void renew(Path data) throws IOException {
        Path control = data.resolve("global/pg_control");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(control)).order(ByteOrder.nativeOrder());
        int crcOffset = crcOffset(bytes, control);
        long old = bytes.getLong(0);
        long renewed = (old & 0xFFFF_FFFF_0000_0000L) | Integer.toUnsignedLong(RANDOM.nextInt());
        bytes.putLong(0, renewed);
        bytes.putInt(crcOffset, crc(bytes, crcOffset));
        Files.write(control, bytes.array());
        try (DirectoryStream<Path> segments =
                Files.newDirectoryStream(data.resolve("pg_wal"), "????????????????????????")) {
            for (Path segment : segments) {
                renewSegment(segment, old, renewed);
            }
        }
    }

    /** The checksum follows the data, whose length depends on the major version, so the code tries where it matches. */
    private static int crcOffset(ByteBuffer bytes, Path control) throws IOException {
        for (int offset = SMALLEST_CONTROL_DATA; offset < LARGEST_CONTROL_DATA; offset += Integer.BYTES) {
            if (bytes.getInt(offset) == crc(bytes, offset)) {
                return offset;
            }
        }
        throw new IOException("No checksum in " + control);
    }

    private static int crc(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(length));
        return (int) crc.getValue();
    }

    /** The first page of a segment repeats the identifier. */
    private static void renewSegment(Path segment, long old, long renewed) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            ByteBuffer header =
                    ByteBuffer.allocate(WAL_IDENTIFIER_OFFSET + Long.BYTES).order(ByteOrder.nativeOrder());
            file.readFully(header.array());
            boolean longHeader = (header.getShort(WAL_FLAGS_OFFSET) & WAL_LONG_HEADER) != 0;
            if (longHeader && header.getLong(WAL_IDENTIFIER_OFFSET) == old) {
                header.putLong(WAL_IDENTIFIER_OFFSET, renewed);
                file.seek(0);
                file.write(header.array());
            }
        }
    }
}
