package dev.connectionregistry.local;

import java.lang.reflect.Field;

/**
 * Main class of the DynamoDB Local process: binds it to loopback.
 *
 * <p>Argument: the port. It uses reflection only, because nothing may be compiled against DynamoDB Local, and no class
 * of this package, because its process only has the JDK and DynamoDB Local for sure.
 */
public final class DynamoDbLauncher {

    /** Written to standard output when the server can answer requests. */
    static final String READY = "DynamoDB Local listens on 127.0.0.1:";

    private DynamoDbLauncher() {}

    /** Starts the server; the process ends at once if the port is taken. */
    public static void main(String[] args) {
        try {
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

    /** DynamoDB Local has no option for this and would listen on every interface. */
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
}
