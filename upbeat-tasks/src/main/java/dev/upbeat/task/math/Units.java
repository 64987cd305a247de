package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Normalises names of units: {@code meters per second}, {@code m/s} and {@code m s^{-1}} are {@code m s^-1}. */
final class Units {
    static final String PERCENT = "%";
    static final String DEGREES = "deg";
    static final String CELSIUS = "degc";
    static final String FAHRENHEIT = "degf";

    private static final Map<String, String> SHORT =
            names("percent=% percentage=% pct=% degree=deg deg=deg dollar=$ usd=$"
                    + " centimeter=cm centimetre=cm meter=m metre=m millimeter=mm millimetre=mm kilometer=km kilometre=km micrometer=μm"
                    + " micron=μm nanometer=nm kilogram=kg gram=g milligram=mg inche=in inch=in feet=ft foot=ft mile=mi second=s sec=s"
                    + " minute=min hour=h hr=h liter=l litre=l milliliter=ml millilitre=ml pound=lb lbs=lb ounce=oz yard=yd day=day"
                    + " week=week month=month year=year yr=year newton=n joule=j kilojoule=kj watt=w kilowatt=kw volt=v ampere=a amp=a ohm=ω"
                    + " Omega=ω hertz=hz pascal=pa kelvin=k mole=mol coulomb=c tesla=t gauss=gauss radian=rad electronvolt=ev"
                    + " celsius=degc fahrenheit=degf angstrom=å cent=cent");

    /** Symbols that are units without {@code \text{}} too. */
    private static final Set<String> PLAIN = Set.of(
            "cm mm km kg mg ml ft in hr hrs oz lb lbs mph min sec pct deg mi yd kmh usd rad hz ev kev mev".split(" "));

    /** Symbols that are units inside {@code \text{}} alone: {@code mv} may be a product of variables. */
    private static final Set<String> UPRIGHT = Set.of(
            ("khz mhz ghz gev nm μm mol pa kpa mpa kj kw ms ns ma mv kv kn erg atm pc kpc mpc ly au dyn kwh wh mw gw megaw megahz"
                            + " megaev megapa megaj megav megan mj mn cc arcsec arcmin")
                    .split(" "));

    /** Symbols of one letter: units only inside {@code \text{}} and similar commands, or beside another unit. */
    private static final String LETTERS = "msgnjwvakclhtfωμå";

    private static final Set<String> ALL = all();

    private static final Pattern TOKEN = Pattern.compile(
            "\\\\?([A-Za-zμÅΩ°$%']+)\\.?|(\\^ ?\\{? ?([-+]?\\d{1,2}) ?\\}?)|([/*()])|\\\\cdot|(.)", Pattern.DOTALL);
    private static final Set<String> MEGA = Set.of("MW", "MHz", "MeV", "MPa", "MJ", "MV", "MN");

    private Units() {}

    private static Map<String, String> names(String pairs) {
        Map<String, String> names = new TreeMap<>();
        for (String pair : pairs.split(" ")) {
            names.put(
                    pair.substring(0, pair.indexOf('=')).toLowerCase(Locale.ROOT),
                    pair.substring(pair.indexOf('=') + 1));
        }
        return names;
    }

    private static Set<String> all() {
        Set<String> all = new HashSet<>(PLAIN);
        all.addAll(UPRIGHT);
        all.addAll(SHORT.values());
        LETTERS.chars().forEach(c -> all.add(Character.toString(c)));
        return Set.copyOf(all);
    }

    /** Whether a word is the name of a unit, or a symbol of two letters or more. */
    static boolean isKnown(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return PLAIN.contains(lower) || SHORT.containsKey(lower) || SHORT.containsKey(singular(lower));
    }

    /** Whether a word is a unit in a place for units, where one letter is enough. */
    static boolean isSymbol(String word) {
        return ALL.contains(shortened(word)) && !word.isEmpty();
    }

    /** Whether a name in one spelling is a unit of measurement rather than a counted thing. */
    static boolean isPhysical(String unit) {
        if (unit.isEmpty()) {
            return false;
        }
        for (String factor : unit.split(" ")) {
            int caret = factor.indexOf('^');
            if (!ALL.contains(caret < 0 ? factor : factor.substring(0, caret))) {
                return false;
            }
        }
        return true;
    }

    /** The unit in one spelling; unknown names stay, in the singular. */
    static String of(String text) {
        Map<String, Integer> powers = new TreeMap<>();
        List<String> unknown = new ArrayList<>();
        int sign = 1;
        int next = 1;
        int depth = 0;
        @Nullable String last = null;
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group(1) != null) {
                String word = shortened(token.group(1));
                switch (word) {
                    case "per", "a", "an" ->
                        sign = word.equals("per") || !unknown.isEmpty() || !powers.isEmpty() ? -1 : 1;
                    case "square", "sq" -> next = 2;
                    case "cubic" -> next = 3;
                    case "squared", "cubed" -> raise(powers, last, word.equals("squared") ? 2 : 3, sign);
                    case "unit", "cdot", "times", "text", "mathrm", "rm" -> last = null;
                    default -> {
                        last = word;
                        if (ALL.contains(word)) {
                            powers.merge(word, sign * next, Integer::sum);
                        } else {
                            unknown.add(word);
                        }
                        next = 1;
                        sign = depth > 0 ? sign : 1;
                    }
                }
            } else if (token.group(3) != null) {
                raise(
                        powers,
                        last,
                        Integer.parseInt(token.group(3)),
                        last != null && powers.getOrDefault(last, 1) < 0 ? -1 : 1);
            } else if (token.group(4) != null) {
                switch (token.group(4).charAt(0)) {
                    case '/' -> sign = -1;
                    case '(' -> depth++;
                    case ')' -> {
                        depth = Math.max(0, depth - 1);
                        sign = depth == 0 ? 1 : sign;
                    }
                    default -> {}
                }
            }
        }
        if (!unknown.isEmpty()) {
            powers.keySet().removeIf(unit -> unit.length() == 1 || unit.equals("in")); // "in all" is not inches
            return powers.isEmpty() ? String.join("", unknown) : spelled(powers);
        }
        return spelled(powers);
    }

    private static void raise(Map<String, Integer> powers, @Nullable String unit, int power, int sign) {
        if (unit != null && powers.containsKey(unit)) {
            powers.merge(unit, sign * (power - 1), Integer::sum);
        }
    }

    private static String spelled(Map<String, Integer> powers) {
        StringBuilder out = new StringBuilder();
        powers.forEach((unit, power) -> {
            if (power != 0) {
                out.append(out.length() == 0 ? "" : " ").append(unit).append(power == 1 ? "" : "^" + power);
            }
        });
        return out.toString();
    }

    private static String shortened(String word) {
        if (MEGA.contains(word)) {
            return "mega" + word.substring(1).toLowerCase(Locale.ROOT);
        }
        String lower = word.toLowerCase(Locale.ROOT).replace("'", "");
        if (lower.equals("units")) {
            return "unit";
        }
        String known = SHORT.get(lower);
        if (known == null && !PLAIN.contains(lower) && !UPRIGHT.contains(lower)) {
            lower = singular(lower);
            known = SHORT.get(lower);
        }
        return known == null ? lower : known;
    }

    private static String singular(String word) {
        return word.length() > 2 && word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
    }
}
