package dev.connectionregistry.admin.cutover.explore;

/** What can go wrong only so often in one exploration. What isn't listed, such as a failed act, is not limited. */
enum Fault {
    /** A write of settings whose answer is lost: it has taken effect, or will later, or never. */
    LOST_ANSWER(0),
    /** An ordinary command writes steady settings again, which it may while there is no transition. */
    ORDINARY_WRITE(1),
    /** A coordinator ends without a word, and its session with it. */
    COORDINATOR_CRASH(2),
    /** A session on the source breaks, and its coordinator lives on. */
    SESSION_BREAK(3),
    /** An instance is killed and starts again; a transaction of its may live on. */
    INSTANCE_RESTART(4),
    /** A pool can't be opened at the first try. */
    POOL_REFUSED(5);

    private final int code;

    Fault(int code) {
        this.code = code;
    }

    /** Its place in {@link Field#FAULTS}. */
    int code() {
        return code;
    }
}
