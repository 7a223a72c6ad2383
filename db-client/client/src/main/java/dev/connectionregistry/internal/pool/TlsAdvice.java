package dev.connectionregistry.internal.pool;

import dev.connectionregistry.settings.ConnectionSettings;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.sql.SQLException;

/** What to do about a server that couldn't prove its identity. Pure. */
final class TlsAdvice {
    private TlsAdvice() {}

    /** The advice, to be appended to the driver's message; empty if something else went wrong. */
    static String about(ConnectionSettings settings, SQLException failure) {
        if (!settings.properties().containsKey("sslmode")) {
            return "";
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof CertPathBuilderException || each instanceof CertPathValidatorException) {
                return "; its certificate isn't issued by an authority in the file of driver property sslrootcert";
            }
        }
        return String.valueOf(failure.getMessage()).contains("hostnameverifier")
                ? "; with sslmode=verify-full its certificate must bear the name of the endpoint's host"
                : "";
    }
}
