package dev.connectionregistry.core.internal.bounds;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Brings addresses into one spelling. Pure: nothing is looked up. */
final class HostAddresses {
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private HostAddresses() {}

    /**
     * The address in one spelling, with its zone. It begins with a colon, so it never equals a name. Null if the text
     * isn't an IPv6 address.
     */
    static @Nullable String canonicalIpv6(String text) {
        int percent = text.indexOf('%');
        String address = percent < 0 ? text : text.substring(0, percent);
        if (!IPV6.matcher(address).matches()) {
            return null;
        }
        try { // a text with a colon is never looked up
            byte[] bytes = InetAddress.getByName("[" + address + "]").getAddress();
            String zone = percent < 0 ? "" : text.substring(percent).toLowerCase(Locale.ROOT);
            return ":" + HexFormat.of().formatHex(bytes) + zone;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
