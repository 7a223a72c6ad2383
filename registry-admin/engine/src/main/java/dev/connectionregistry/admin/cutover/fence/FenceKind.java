package dev.connectionregistry.admin.cutover.fence;

/** How the source is kept from taking writes. */
public enum FenceKind {
    /** Transactions are read-only unless they ask for more in so many words; reading goes on working. */
    READ_ONLY,
    /** As {@link #READ_ONLY}, and nobody but superusers can log in to the database. */
    NO_LOGIN;

    /** {@code read-only}, {@code no-login}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
