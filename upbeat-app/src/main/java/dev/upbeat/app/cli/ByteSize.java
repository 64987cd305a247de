package dev.upbeat.app.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Amount of memory, the value of an option: {@code 512MB}, {@code 1.5GB}, {@code 2GiB}. */
record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*([A-Z]+)");
    private static final Map<String, Long> UNITS =
            Map.of("MB", 1_000_000L, "GB", 1_000_000_000L, "MIB", 1L << 20, "GIB", 1L << 30);

    @Override
    public String toString() {
        return bytes / 1_000_000 + " MB";
    }

    /** Parses the option's value. */
    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String given) {
            Matcher size = FORM.matcher(given.strip().toUpperCase(Locale.ROOT));
            Long unit = size.matches() ? UNITS.get(size.group(2)) : null;
            if (unit == null) {
                throw new TypeConversionException(
                        "given '" + given + "', expected a number with MB, GB, MiB or GiB, such as 2GB");
            }
            return new ByteSize(new BigDecimal(size.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValue());
        }
    }
}
