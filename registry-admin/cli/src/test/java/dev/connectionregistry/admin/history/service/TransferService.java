package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * One instance of a service that uses two names, whose threads transfer money between accounts of both: with a connection of each at once,
 * half of them in the other order. It tells each transfer on standard output as {@code transfer WRITER NUMBER OUTCOME PORT PORT TEXT}: the
 * outcome is {@code done}, {@code failed} or {@code doubt}, and the ports are the servers', 0 if it didn't get there. With a single name its
 * threads count the transfers that are there instead, and tell {@code count READER done PORT TRANSFERS}. The line {@code stop} on standard
 * input ends it; the end of that input ends it at once.
 */
public final class TransferService {
    /** Environment: the two names, with a comma between them, or one of which it only reads. */
    public static final String NAMES = "TRANSFER_NAMES";

    /** Environment: the account of the first thread; each thread has one of its own in both databases. */
    public static final String FIRST_ACCOUNT = "TRANSFER_FIRST_ACCOUNT";

    /** How a line begins that tells of a transfer. */
    public static final String TOLD = "transfer ";

    /** How a line begins that tells how many transfers a reader has seen. */
    public static final String COUNTED = "count ";

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration END = Duration.ofSeconds(40);
    private static final String BOOK =
            "UPDATE accounts SET balance = balance + ?, port = inet_server_port() WHERE id = ? RETURNING port";
    private static final String COUNT = "SELECT inet_server_port(), count(*) FROM entries";
    private static final String NOTE = "INSERT INTO entries (writer, number) VALUES (?, ?)";

    private final Map<String, String> environment;

    private TransferService(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        new TransferService(System.getenv()).run();
    }

    private void run() throws InterruptedException {
        String[] names = value(NAMES).split(",", -1);
        int threads = Integer.parseInt(value(HistoryService.WRITERS));
        ScheduledExecutorService workers = Executors.newScheduledThreadPool(threads);
        try (DynamoDbSettingsRegistry registry =
                        DynamoDbSettingsRegistry.open(TableLocation.fromEnvironment(environment));
                RegistryDataSource one = dataSource(registry, names[0]);
                RegistryDataSource other = names.length == 1 ? one : dataSource(registry, names[1])) {
            List<? extends Future<?>> working = IntStream.range(0, threads)
                    .mapToObj(thread -> {
                        List<RegistryDataSource> order = thread % 2 == 0 ? List.of(one, other) : List.of(other, one);
                        Runnable work = other.equals(one) ? counting(thread, one) : transferring(thread, order);
                        long first = ThreadLocalRandom.current().nextLong(PAUSE.toNanos());
                        return workers.scheduleWithFixedDelay(work, first, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
                    })
                    .toList();
            awaitStop();
            if (working.stream().anyMatch(Future::isDone)) {
                throw new IllegalStateException("a thread ended before it was told to stop");
            }
            workers.shutdown(); // what is under way goes on to its end
            if (!workers.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("transfers are still under way");
            }
        }
    }

    private RegistryDataSource dataSource(DynamoDbSettingsRegistry registry, String name) {
        return RegistryDataSource.builder()
                .registry(registry)
                .database(name)
                .service(value(HistoryService.SERVICE))
                .instance(value(HistoryService.INSTANCE))
                .heartbeat(Duration.ofMillis(Long.parseLong(value(HistoryService.HEARTBEAT_MILLIS))))
                .startTimeout(Duration.ofSeconds(30))
                .build();
    }

    private Runnable transferring(int thread, List<RegistryDataSource> order) {
        String writer = threadName(thread);
        int account = Integer.parseInt(value(FIRST_ACCOUNT)) + thread;
        AtomicLong last = new AtomicLong();
        return () -> {
            long number = last.incrementAndGet();
            tell(TOLD + writer + " " + number + " " + new Transfer(writer, number, account).perform(order));
        };
    }

    private Runnable counting(int thread, RegistryDataSource standby) {
        return () -> tell(COUNTED + threadName(thread) + " " + count(standby));
    }

    private static String count(RegistryDataSource standby) {
        try (Connection connection = standby.getConnection();
                PreparedStatement count = connection.prepareStatement(COUNT);
                ResultSet row = count.executeQuery()) {
            row.next();
            return "done " + row.getInt(1) + " " + row.getLong(2);
        } catch (SQLException e) {
            return "failed 0 0 " + text(e);
        }
    }

    private String threadName(int thread) {
        return value(HistoryService.SERVICE) + "-" + value(HistoryService.INSTANCE) + "." + thread;
    }

    private static String text(SQLException problem) {
        return OutLog.fitting(problem.getSQLState() + " " + problem.getMessage())
                .replaceAll("\\s", " ");
    }

    /** One transfer; for one thread. */
    private static final class Transfer {
        private final String writer;
        private final long number;
        private final int account;
        private int firstPort;
        private int secondPort;
        private boolean committing;

        Transfer(String writer, long number, int account) {
            this.writer = writer;
            this.number = number;
            this.account = account;
        }

        String perform(List<RegistryDataSource> order) {
            long amount = ThreadLocalRandom.current().nextLong(1, 100);
            try (Connection one = order.get(0).getConnection()) {
                firstPort = book(one, -amount);
                try (Connection other = order.get(1).getConnection()) {
                    secondPort = book(other, amount);
                    committing = true;
                    other.commit();
                }
                one.commit();
                return "done " + firstPort + " " + secondPort + " ";
            } catch (SQLException e) {
                return (committing ? "doubt " : "failed ") + firstPort + " " + secondPort + " " + text(e);
            }
        }

        private int book(Connection connection, long amount) throws SQLException {
            connection.setAutoCommit(false);
            try (PreparedStatement note = connection.prepareStatement(NOTE);
                    PreparedStatement book = connection.prepareStatement(BOOK)) {
                note.setString(1, writer);
                note.setLong(2, number);
                note.executeUpdate();
                book.setLong(1, amount);
                book.setInt(2, account);
                try (ResultSet row = book.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            }
        }
    }

    private static synchronized void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void awaitStop() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals(HistoryService.STOP)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // as the end of input
        }
        Runtime.getRuntime().halt(HistoryService.ABANDONED);
    }

    private String value(String name) {
        return Objects.requireNonNull(environment.get(name), () -> "environment variable " + name + " is not set");
    }
}
