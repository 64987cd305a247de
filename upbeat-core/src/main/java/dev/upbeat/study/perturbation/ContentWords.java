package dev.upbeat.study.perturbation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The content words of a text, and their Jaccard overlap (Eq. 11). The paper does not say what a content word is; here
 * (docs/method.md, section 5):
 *
 * <ol>
 *   <li>words are runs of letters, lower-cased, apostrophes within them dropped (don't: dont);
 *   <li>numbers are kept as written, except for commas between digits (1,000: 1000);
 *   <li>a fixed list of English function words, and everything else, is left out.
 * </ol>
 */
public final class ContentWords {
    private static final Pattern WORD =
            Pattern.compile("\\d+(?:[.,]\\d+)*|\\p{L}[\\p{L}\\p{M}]*(?:['\u2019]\\p{L}[\\p{L}\\p{M}]*)*");

    /** Articles, pronouns, prepositions, conjunctions, auxiliaries and a few adverbs; without apostrophes. */
    private static final Set<String> FUNCTION_WORDS =
            Arrays.stream("""
            a an the this that these those each every either neither some any all both such own same other another
            i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
            she her hers herself it its itself they them their theirs themselves one ones
            who whom whose which what when where why how there here
            of in on at by for with without within from to into onto upon about above below over under between among
            through during before after against per via as than like off out up down across along around toward towards
            and or but nor so yet if because while although though unless until since whether then thus hence therefore
            am is are was were be been being do does did done doing have has had having will would shall should
            can could may might must need let lets
            not no only just also too very more most much many few less least again once ever never always
            im youre hes shes theyre ive youve weve theyve isnt arent wasnt werent dont doesnt didnt
            wont wouldnt cant couldnt shouldnt hasnt havent hadnt thats theres whats
            """.split("\\s+")).collect(Collectors.toUnmodifiableSet());

    private ContentWords() {}

    public static Set<String> of(String text) {
        Set<String> words = new HashSet<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String word = matcher.group().toLowerCase(Locale.ROOT).replaceAll("[,'\u2019]", "");
            if (!FUNCTION_WORDS.contains(word)) {
                words.add(word);
            }
        }
        return words;
    }

    /** |S and S'| / |S or S'|; 1 if both are empty. */
    public static double jaccard(Set<String> one, Set<String> other) {
        Set<String> common = new HashSet<>(one);
        common.retainAll(other);
        int union = one.size() + other.size() - common.size();
        return union == 0 ? 1 : (double) common.size() / union;
    }
}
