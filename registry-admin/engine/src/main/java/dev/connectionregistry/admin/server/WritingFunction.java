package dev.connectionregistry.admin.server;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Functions of Postgres before 16 that change large objects although the transaction is read-only. */
public enum WritingFunction {
    LO_CREAT("lo_creat(integer)"),
    LO_CREATE("lo_create(oid)"),
    LO_FROM_BYTEA("lo_from_bytea(oid, bytea)"),
    LO_PUT("lo_put(oid, bigint, bytea)"),
    LOWRITE("lowrite(integer, bytea)"),
    LO_UNLINK("lo_unlink(oid)"),
    LO_TRUNCATE("lo_truncate(integer, integer)"),
    LO_TRUNCATE64("lo_truncate64(integer, bigint)");

    private final String signature;

    WritingFunction(String signature) {
        this.signature = signature;
    }

    /** Its name and argument types, as in SQL; the schema is {@code pg_catalog}. */
    public String signature() {
        return signature;
    }

    /**
     * The statement with which a superuser keeps {@code grantees}, as they are written in SQL, from calling any of
     * them.
     */
    public static String revoke(List<String> grantees) {
        String functions = Arrays.stream(values())
                .map(each -> "pg_catalog." + each.signature)
                .collect(Collectors.joining(", "));
        return "REVOKE EXECUTE ON FUNCTION " + functions + " FROM " + String.join(", ", grantees);
    }

    public static List<String> signatures() {
        return Arrays.stream(values()).map(WritingFunction::signature).toList();
    }

    public static Optional<WritingFunction> of(String signature) {
        return Arrays.stream(values())
                .filter(each -> each.signature.equals(signature))
                .findFirst();
    }
}
