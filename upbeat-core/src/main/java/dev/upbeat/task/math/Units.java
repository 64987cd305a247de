package dev.upbeat.task.math;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of units in one spelling. */
final class Units {
    static final String PERCENT = "%";
    static final String DEGREES = "deg";
    static final String MONEY = "$";

    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("percent", PERCENT),
            Map.entry("percentage", PERCENT),
            Map.entry("pct", PERCENT),
            Map.entry("degree", DEGREES),
            Map.entry("deg", DEGREES),
            Map.entry("dollar", MONEY),
            Map.entry("usd", MONEY),
            Map.entry("centimeter", "cm"),
            Map.entry("centimetre", "cm"),
            Map.entry("meter", "m"),
            Map.entry("metre", "m"),
            Map.entry("millimeter", "mm"),
            Map.entry("kilometer", "km"),
            Map.entry("kilometre", "km"),
            Map.entry("kilogram", "kg"),
            Map.entry("gram", "g"),
            Map.entry("inche", "in"),
            Map.entry("inch", "in"),
            Map.entry("feet", "ft"),
            Map.entry("foot", "ft"),
            Map.entry("mile", "mi"),
            Map.entry("second", "s"),
            Map.entry("sec", "s"),
            Map.entry("minute", "min"),
            Map.entry("hour", "h"),
            Map.entry("hr", "h"),
            Map.entry("liter", "l"),
            Map.entry("litre", "l"),
            Map.entry("milliliter", "ml"),
            Map.entry("pound", "lb"),
            Map.entry("ounce", "oz"),
            Map.entry("yard", "yd"),
            Map.entry("unit", ""));

    /** Units that are as short as a product of variables. */
    private static final Set<String> KNOWN = Set.of(
            "cm", "mm", "km", "kg", "mg", "ml", "ft", "in", "hr", "hrs", "oz", "lb", "lbs", "mph", "min", "sec", "pct",
            "deg", "mi", "yd", "kmh", "usd", "rad", "hz", "ev", "kev", "mev");

    private static final Pattern SQUARED = Pattern.compile("\\b(?:sq(?:uare)?|cubic)\\b\\.?");
    private static final Pattern NOISE = Pattern.compile("[\\s{}$\\\\.~]+");

    private Units() {}

    static boolean isKnown(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return KNOWN.contains(lower) || SHORT.containsKey(lower) || SHORT.containsKey(singular(lower));
    }

    /** Whether a name in one spelling is a unit of measurement rather than what is counted. */
    static boolean isPhysical(String unit) {
        int caret = unit.indexOf('^');
        String base = caret < 0 ? unit : unit.substring(0, caret);
        return KNOWN.contains(base) || SHORT.containsValue(base);
    }

    /** {@code " square centimeters"} is {@code cm^2}; what isn't known stays as it is, in the singular. */
    static String of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String power = "";
        if (lower.contains("sq") || lower.contains("cubic")) {
            power = lower.contains("cubic") ? "^3" : "^2";
            String rest = SQUARED.matcher(lower).replaceAll("");
            power = rest.equals(lower) ? "" : power;
            lower = rest;
        }
        String name = NOISE.matcher(lower).replaceAll("");
        int caret = name.indexOf('^');
        String base = singular(caret < 0 ? name : name.substring(0, caret));
        String tail = caret < 0 ? "" : name.substring(caret);
        String known = SHORT.getOrDefault(base, base);
        return known.isEmpty() ? "" : known + tail + power;
    }

    private static String singular(String word) {
        return word.length() > 2 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }
}
