package dev.connectionregistry.admin.history.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.history.service.HistoryService;
import dev.connectionregistry.admin.history.service.TransferService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A {@link GroupStage} whose services use both Postgres databases at once: four processes that transfer between accounts of two names, and
 * two that count the transfers on a standby. For one thread. Closing it ends every process and drops what it made.
 */
public final class TransferStage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WRITERS = 2;
    private static final int TRANSFERS = 10;

    private final Cleanup cleanup = new Cleanup();
    private final Servers servers;
    private final GroupStage group;
    private final List<Process> services = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final int transferring;
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Queue<Counted> counted = new ConcurrentLinkedQueue<>();
    private final GroupStage.Reader standbys;

    /** What a service told of one transfer. */
    private record Told(String writer, String number, String outcome, int firstPort, int secondPort, String line) {
        static Told parse(String line) {
            String[] parts = line.split(" ", 6);
            return new Told(parts[0], parts[1], parts[2], Integer.parseInt(parts[3]), Integer.parseInt(parts[4]), line);
        }

        boolean is(String wanted) {
            return outcome.equals(wanted);
        }

        String service() {
            return writer.substring(0, writer.indexOf('.'));
        }

        String transfer() {
            return writer + " " + number;
        }
    }

    /** What a service told of the transfers that it saw. */
    private record Counted(String reader, String outcome, int port, long transfers, String line) {
        static Counted parse(String line) {
            String[] parts = line.split(" ", 5);
            return new Counted(parts[0], parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]), line);
        }

        boolean isDone() {
            return outcome.equals("done");
        }
    }

    private TransferStage(Servers servers) throws SQLException, InterruptedException {
        this.servers = servers;
        this.group = cleanup.add(GroupStage.withoutServices(servers));
        this.standbys = group.reader().orElseThrow();
        try {
            String orders = group.names().get(0);
            String billing = group.names().get(1);
            String reports = group.names().get(2);
            service("ledger", "1", orders + "," + billing);
            service("ledger", "2", billing + "," + orders);
            service("desk", "1", reports + "," + billing);
            service("desk", "2", billing + "," + reports);
            transferring = services.size();
            service("audit", "1", standbys.name());
            service("audit", "2", standbys.name());
            awaitWork(servers.source().port(), standbys.source().port());
        } catch (RuntimeException | Error e) {
            cleanup.close();
            throw e;
        }
    }

    /** Sets the scenario up and waits until every service transfers. */
    public static TransferStage open(Servers servers) throws SQLException, InterruptedException {
        return new TransferStage(servers);
    }

    /** What else it says is a library's. */
    private void hear(String line) {
        if (line.startsWith(TransferService.TOLD)) {
            told.add(Told.parse(line.substring(TransferService.TOLD.length())));
        } else if (line.startsWith(TransferService.COUNTED)) {
            counted.add(Counted.parse(line.substring(TransferService.COUNTED.length())));
        }
    }

    /** The names, and the commands about them. */
    public GroupStage group() {
        return group;
    }

    private void service(String service, String instance, String twoNames) {
        Map<String, String> own = new HashMap<>(servers.environment());
        own.put(HistoryService.SERVICE, service);
        own.put(HistoryService.INSTANCE, instance);
        own.put(HistoryService.WRITERS, Integer.toString(WRITERS));
        own.put(HistoryService.HEARTBEAT_MILLIS, "2000");
        own.put(TransferService.NAMES, twoNames);
        own.put(TransferService.FIRST_ACCOUNT, Integer.toString(services.size() * WRITERS));
        Process process = Programs.start(TransferService.class, own, List.of());
        cleanup.add(() -> Programs.kill(process));
        services.add(process);
        readers.add(Programs.read(process.getInputStream(), "transfers of " + service, this::hear));
        Programs.read(process.getErrorStream(), "errors of " + service, line -> {});
    }

    /** Waits until every service has made some more transfers on this server, and a reader has looked at its standby. */
    private void awaitWork(int port, int standbyPort) {
        int looks = counted.size();
        int before = told.size();
        await("that " + TRANSFERS + " transfers of each service come to port " + port)
                .atMost(LIMIT)
                .until(() -> told.stream()
                                .skip(before)
                                .filter(each -> each.is("done") && each.firstPort() == port)
                                .collect(Collectors.groupingBy(Told::service, Collectors.counting()))
                                .values()
                                .stream()
                                .filter(count -> count >= TRANSFERS)
                                .count()
                        == transferring);
        await("that transfers are counted on port " + standbyPort)
                .atMost(LIMIT)
                .until(() -> counted.stream().skip(looks).anyMatch(each -> each.port() == standbyPort));
    }

    /**
     * Everything is as it must be, wherever the names are now: no transfer is in doubt or on two servers, and each that was done is in
     * both Postgres databases, whose accounts add up; nobody read old rows from a standby. Ends the services.
     */
    public void requireAddsUp() throws SQLException, InterruptedException {
        List<Database> serving = group.requireInPlace();
        boolean switched = group.switched();
        awaitWork(serving.get(0).port(), (switched ? standbys.target() : standbys.source()).port());
        stop();
        requireNothingOldWasRead(switched);
        assertThat(told).filteredOn(each -> each.is("doubt")).as("in doubt").isEmpty();
        List<Told> ended = told.stream().filter(each -> each.is("done")).toList();
        assertThat(ended).allMatch(each -> each.firstPort() == each.secondPort(), "is on one server");
        Set<String> done = ended.stream().map(Told::transfer).collect(Collectors.toSet());
        long sum = 0;
        for (Database each : serving) {
            assertThat(new HashSet<>(each.strings("SELECT writer || ' ' || number FROM entries")))
                    .as("transfers in " + each)
                    .isEqualTo(done);
            sum += Long.parseLong(
                    each.strings("SELECT sum(balance)::text FROM accounts").get(0));
        }
        assertThat(sum).as("all money").isEqualTo(2 * Database.ACCOUNTS * Database.BALANCE);
        System.out.println(group.names() + ": " + done.size() + " transfers on " + serving);
    }

    /** What a new standby shows after the switch has all that the source took before it. */
    private void requireNothingOldWasRead(boolean switched) throws SQLException {
        assertThat(counted).allMatch(Counted::isDone, "is answered");
        List<Counted> onTarget = counted.stream()
                .filter(each -> each.port() == standbys.target().port())
                .toList();
        if (switched) {
            long before = Long.parseLong(
                    group.left().strings("SELECT count(*)::text FROM entries").get(0));
            assertThat(onTarget)
                    .isNotEmpty()
                    .allMatch(each -> each.transfers() >= before, "has the " + before + " transfers of the source");
        } else {
            assertThat(onTarget).isEmpty();
        }
    }

    /** What was told of transfers that failed. */
    public List<String> failed() {
        return told.stream().filter(each -> !each.is("done")).map(Told::line).toList();
    }

    private void stop() throws InterruptedException {
        for (Process each : services) {
            try {
                each.getOutputStream().write((HistoryService.STOP + "\n").getBytes(StandardCharsets.UTF_8));
                each.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException("a service is gone", e);
            }
        }
        for (Process each : services) {
            assertThat(each.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(each.exitValue()).isZero();
        }
        for (Thread each : readers) {
            each.join(LIMIT.toMillis());
        }
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
