package dev.connectionregistry.cloudformation;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkClient;

/** Which operations of AWS the code of the project can ask for, read off its byte code. */
final class ClientMethods {
    private static final String SERVICES = "software.amazon.awssdk.services.";

    /** Methods of clients that ask for nothing. */
    private static final Set<String> NO_OPERATIONS =
            Set.of("builder", "create", "close", "serviceName", "serviceClientConfiguration");

    private ClientMethods() {}

    /** Each as {@code dynamodb.getitem}. */
    static Set<String> calledByTheCode() {
        Set<String> called = new TreeSet<>();
        for (JavaClass each : code()) {
            Stream.of(each.getMethodCallsFromSelf(), each.getMethodReferencesFromSelf())
                    .flatMap(Set::stream)
                    .filter(access -> isClient(access.getTargetOwner()))
                    .filter(access -> !NO_OPERATIONS.contains(access.getName()))
                    .map(ClientMethods::operation)
                    .forEach(called::add);
        }
        return called;
    }

    /** The project's own classes, without tests. */
    static JavaClasses code() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
                .importPackages("dev.connectionregistry");
    }

    private static boolean isClient(JavaClass owner) {
        return owner.getName().startsWith(SERVICES) && owner.isAssignableTo(SdkClient.class);
    }

    private static String operation(JavaAccess<?> access) {
        String service = access.getTargetOwner().getPackageName().substring(SERVICES.length());
        return service + "." + access.getName().toLowerCase(Locale.ROOT);
    }
}
