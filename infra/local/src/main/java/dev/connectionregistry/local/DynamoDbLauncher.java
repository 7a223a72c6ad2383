package dev.connectionregistry.local;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Main class of the DynamoDB Local process: binds it to loopback and ends it with its parent.
 *
 * <p>Arguments: the port, then the folder to delete when the parent is gone ("-" for none). Uses reflection only,
 * because nothing may be compiled against DynamoDB Local, and no class of this package, because only the JDK and
 * DynamoDB Local can be relied on in its process.
 */
public final class DynamoDbLauncher {

    /** Written to standard output when requests can be answered. */
    static final String READY = "DynamoDB Local listens on 127.0.0.1:";

    private DynamoDbLauncher() {}

    /** Starts the server; the process ends when standard input does, or at once when the port is taken. */
    public static void main(String[] args) {
        try {
            endWithParent(args[1]);
            Object server = create(args[0]);
            bindToLoopback(server);
            server.getClass().getMethod("start").invoke(server);
            System.out.println(READY + args[0]);
        } catch (ReflectiveOperationException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static Object create(String port) throws ReflectiveOperationException {
        String[] arguments = {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", port};
        return Class.forName("software.amazon.dynamodb.services.local.main.ServerRunner")
                .getMethod("createServerFromCommandLineArgs", String[].class)
                .invoke(null, (Object) arguments);
    }

    /** It has no option for this and would listen on every interface. */
    private static void bindToLoopback(Object server) throws ReflectiveOperationException {
        Field field = server.getClass().getDeclaredField("server");
        field.setAccessible(true);
        Object jetty = field.get(server);
        Object[] connectors =
                (Object[]) jetty.getClass().getMethod("getConnectors").invoke(jetty);
        if (connectors.length == 0) {
            throw new IllegalStateException("No connector to bind to loopback");
        }
        for (Object connector : connectors) {
            connector.getClass().getMethod("setHost", String.class).invoke(connector, "127.0.0.1");
        }
    }

    /** The parent holds the other end of standard input open; the system closes it however the parent ends. */
    private static void endWithParent(String folder) {
        Thread watcher = new Thread(
                () -> {
                    awaitEndOfInput();
                    if (!folder.equals("-")) {
                        delete(Path.of(folder));
                    }
                    Runtime.getRuntime().halt(0);
                },
                "end-with-parent");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever written
            }
        } catch (IOException gone) {
            // as good as the end
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Object file : Arrays.asList(files.toArray())) {
                Files.deleteIfExists((Path) file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.err.println("Left behind: " + folder + ": " + e);
        }
    }
}
