package dev.connectionregistry.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of a test's own, made with the JDK's keytool in a folder that the test owns. */
public final class Certificates {
    private static final String PASSWORD = "changeit"; // of stores that live as long as a test

    private final Path folder;
    private final Path authority;

    /**
     * Makes the authority.
     *
     * @param folder where it and what it signs are kept
     */
    public Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.authority = folder.resolve("authority.p12");
        keytool(
                authority,
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=test authority",
                "-ext",
                "bc:c",
                "-keyalg",
                "RSA");
    }

    /** What clients are to believe: the authority's own certificate as PEM. */
    public Path root() throws IOException, InterruptedException {
        Path pem = folder.resolve("root.crt");
        keytool(authority, "-exportcert", "-rfc", "-alias", "ca", "-file", pem.toString());
        return pem;
    }

    /** A server's certificate and key, as PEM files that Postgres takes. */
    public record Server(Path certificate, Path key) {}

    /**
     * Makes a certificate for a server.
     *
     * @param subjectAlternativeName such as {@code ip:127.0.0.1} or {@code dns:db1.internal}
     */
    public Server server(String name, String subjectAlternativeName)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        String request = folder.resolve(name + ".csr").toString();
        Path signed = folder.resolve(name + ".crt");
        keytool(store, "-genkeypair", "-alias", "server", "-dname", "CN=" + name, "-keyalg", "RSA");
        keytool(store, "-certreq", "-alias", "server", "-file", request);
        keytool(
                authority,
                "-gencert",
                "-rfc",
                "-alias",
                "ca",
                "-ext",
                "san=" + subjectAlternativeName,
                "-infile",
                request,
                "-outfile",
                signed.toString());
        return new Server(signed, key(store, name));
    }

    private Path key(Path store, String name) throws IOException, GeneralSecurityException {
        KeyStore opened = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        byte[] encoded = opened.getKey("server", PASSWORD.toCharArray()).getEncoded();
        Path key = folder.resolve(name + ".key");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                        + "\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------")); // or Postgres won't take it
        return key;
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool " + arguments[0] + " failed: " + output);
        }
    }
}
