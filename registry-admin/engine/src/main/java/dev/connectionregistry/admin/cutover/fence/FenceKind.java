package dev.connectionregistry.admin.cutover.fence;

/** How the source is kept from accepting writes. */
public enum FenceKind {
    /** Transactions are read-only unless they explicitly ask to write; reading still works. */
    READ_ONLY,
    /** As {@link #READ_ONLY}, and only superusers can log in to the database. */
    NO_LOGIN;

    /** {@code read-only}, {@code no-login}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
