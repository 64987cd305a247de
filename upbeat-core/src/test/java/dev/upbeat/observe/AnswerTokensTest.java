package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTokensTest {
    /** Tokens are separated by ^, a line break is written as ~. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            so^ \\boxed^{^3^}.^</s>                  ; ' \\boxed^{^3^}.'
            \\boxed{1}^ no^:^ \\boxed{2}^ end         ; ' \\boxed{2}'
            \\boxed{1}^ or^ \\boxed{2                  ; '\\boxed{1}'
            \\boxed{\\frac{1}{^2^}}^ done              ; '\\boxed{\\frac{1}{^2^}}'
            \\boxed{a \\}^ b}^ c                       ; '\\boxed{a \\}^ b}'
            We add^.^ It^ is^ 3.5^.                    ; ' It^ is^ 3.5^.'
            We add^.^ It^ is^ 3^.^~^<|im_end|>         ; ' It^ is^ 3^.'
            We add^~^# 3 + 4^ = 7^<eos>                ; '# 3 + 4^ = 7'
            Why^?^ "Yes!"^ So^ 7                       ; ' So^ 7'
            和^。^答案^是^3^。                           ; '答案^是^3^。'
            no^ end                                    ; 'no^ end'
            <eos>                                      ; '<eos>'
            """)
    void theAnswerIsTheLastBoxOrTheLastSentence(String tokens, String answer) {
        List<String> given = List.of(tokens.strip().replace('~', '\n').split("\\^"));
        assertThat(chosen(given)).containsExactly(answer.replace('~', '\n').split("\\^"));
    }

    @Test
    void aBlankResponseHasNoAnswer() {
        assertThat(AnswerTokens.of(List.of(" ", "\n\n"))).containsExactly(false, false);
        assertThat(AnswerTokens.of(List.of("", "<|im_end|>"))).containsExactly(false, false);
    }

    @Test
    void longResponsesTakeLinearTime() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            tokens.add("\\boxed{ .\n  ");
        }
        boolean[] answer = AnswerTokens.of(tokens);
        assertThat(answer[answer.length - 1]).isTrue();
        assertThat(answer[0]).isFalse();
    }

    private static List<String> chosen(List<String> tokens) {
        boolean[] answer = AnswerTokens.of(tokens);
        List<String> chosen = new ArrayList<>();
        for (int t = 0; t < answer.length; t++) {
            if (answer[t]) {
                chosen.add(tokens.get(t));
            }
        }
        return chosen;
    }
}
