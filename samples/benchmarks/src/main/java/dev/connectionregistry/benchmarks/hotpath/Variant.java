package dev.connectionregistry.benchmarks.hotpath;

/** What is compared. */
enum Variant {
    HIKARI("HikariCP alone", "hikari"),
    REGISTRY("RegistryDataSource", "registry");

    private final String title;
    private final String method;

    Variant(String title, String method) {
        this.title = title;
        this.method = method;
    }

    String title() {
        return title;
    }

    /** A pattern for exactly its method in {@link CheckoutBenchmark}. */
    String pattern() {
        return "^" + CheckoutBenchmark.class.getName().replace(".", "\\.") + "\\." + method + "$";
    }
}
