package dev.connectionregistry.admin.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** Every sort of profile that people have gets as far as it can without an account: the program carries the modules for it. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ProfilesTest {
    private static final String STS = "aws.endpointUrlSts";
    private static final String CONFIG = """
            [profile session]
            sso_session = company
            sso_account_id = 123456789012
            sso_role_name = operator
            [sso-session company]
            sso_region = eu-west-1
            sso_start_url = https://company.invalid/start
            [profile url]
            sso_start_url = https://company.invalid/start
            sso_region = eu-west-1
            sso_account_id = 123456789012
            sso_role_name = operator
            region = eu-west-1
            [profile role]
            role_arn = arn:aws:iam::123456789012:role/operator
            source_profile = keys
            region = eu-west-1
            [profile keys]
            aws_access_key_id = AKIDEXAMPLE
            aws_secret_access_key = secret
            """;

    @BeforeEach
    void nobodyIsAskedOverANetwork() {
        System.setProperty(STS, "http://127.0.0.1:1");
    }

    @AfterEach
    void restore() {
        System.clearProperty(STS);
    }

    @ParameterizedTest
    @CsvSource({"session, token", "url, token", "role, connection refused"})
    void failsForWhatIsMissingInTheAccountAndNotOnTheClassPath(String profile, String reason, @TempDir Path folder)
            throws Exception {
        Path config = Files.writeString(folder.resolve("config"), CONFIG);
        ProfileFile file = ProfileFile.builder()
                .content(config)
                .type(ProfileFile.Type.CONFIGURATION)
                .build();
        try (ProfileCredentialsProvider provider = ProfileCredentialsProvider.builder()
                .profileFile(file)
                .profileName(profile)
                .build()) {
            StringBuilder all = new StringBuilder();
            for (Throwable each = catchThrowable(provider::resolveCredentials); each != null; each = each.getCause()) {
                all.append(each).append('\n');
            }
            assertThat(all.toString()).containsIgnoringCase(reason).doesNotContainIgnoringCase("class path");
        }
    }
}
