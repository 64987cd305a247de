package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.Problem;
import dev.upbeat.task.RandomStream;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * ZebraLogic (METHOD section 8; arXiv 2502.01100): logic grid puzzles, the whole solution asked for. Right is a solution
 * with every cell right; {@link #CELLS} tells the share of right cells. Puzzles are generated, each with exactly one
 * solution and no clue too many, the same in every run; a run's seed orders them. No test puzzle has the solution of a
 * training puzzle.
 */
public final class ZebraLogic implements Task {
    /** The part of a {@link Score} that is the share of right cells. */
    public static final String CELLS = "cells";

    private static final long PUZZLES_SEED = 0;

    /** Puzzles in a row that are not new, after which there are taken to be no more. */
    private static final int MOST_REPEATED = 2_000;

    private static final int LONGEST_SHOWN = 2_000;

    private final ZebraSettings settings;
    private @Nullable List<Problem> test; // made when it is asked for

    public ZebraLogic(ZebraSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "zebralogic";
    }

    /** Sizes in turn; puzzles are made as they are asked for. Among the smallest sizes a few are the same but for order. */
    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        return Arrays.stream(Epochs.indices(seed, step, count, settings.train()))
                .mapToObj(this::trainingProblem)
                .toList();
    }

    private Problem trainingProblem(int index) {
        GridSize size = size(index);
        int number = index / settings.sizes().size();
        SplittableRandom random = RandomStream.of(PUZZLES_SEED, 0, size.houses(), size.attributes(), number);
        PuzzleGenerator.Generated drawn = PuzzleGenerator.draw(size, random, false);
        return problem("train-" + size + "-" + number, drawn.puzzle().question(), drawn.solution());
    }

    /** Sizes in turn, distinct puzzles. */
    @Override
    public synchronized List<Problem> test() {
        if (test == null) {
            List<Problem> problems = new ArrayList<>();
            Set<Set<String>> seen = new HashSet<>();
            for (int index = 0; index < settings.test(); index++) {
                problems.add(testProblem(index, seen));
            }
            test = List.copyOf(problems);
        }
        return test;
    }

    private Problem testProblem(int index, Set<Set<String>> seen) {
        GridSize size = size(index);
        int number = index / settings.sizes().size();
        SplittableRandom random = RandomStream.of(PUZZLES_SEED, 1, size.houses(), size.attributes(), number);
        for (int repeated = 0; repeated < MOST_REPEATED; repeated++) {
            PuzzleGenerator.Generated drawn = PuzzleGenerator.draw(size, random, true);
            if (seen.add(identity(drawn.puzzle()))) {
                return problem("test-" + size + "-" + number, drawn.puzzle().question(), drawn.solution());
            }
        }
        throw new BadInputException("test " + settings.test() + ": there are only about " + number
                + " distinct test puzzles of size " + size + "; ask for fewer or add larger sizes");
    }

    private GridSize size(int index) {
        return settings.sizes().get(index % settings.sizes().size());
    }

    /** What is the same for puzzles that differ in the order of clues, attributes or listed values alone. */
    private static Set<String> identity(ZebraPuzzle puzzle) {
        Set<String> lines = new TreeSet<>();
        puzzle.clues().forEach(clue -> lines.add(puzzle.sentence(clue)));
        puzzle.attributes()
                .forEach(attribute -> attribute.values().forEach(v -> lines.add(attribute.name() + "|" + v.word())));
        return lines;
    }

    /**
     * {@inheritDoc} The answer is the solution as JSON, in the published forms (docs/zebralogic.md). Where it is missing,
     * the clues are read and solved.
     *
     * @throws BadInputException where the answer is no whole solution; without an answer, where the question is not in the
     *     published wording, or has no or several solutions
     */
    @Override
    public Problem problem(TaskRow row) {
        Grid solution = row.answer() == null ? solve(row.id(), row.asked()) : Grid.ofAnswer(row.id(), row.answer());
        return problem(row.id(), row.asked(), solution);
    }

    private static Grid solve(String id, String question) {
        ZebraPuzzle puzzle = QuestionReader.read(id, question);
        List<int[]> solutions = GridSolver.of(puzzle).solutions(2);
        if (solutions.size() != 1) {
            throw new BadInputException(
                    "row " + id + ": its clues allow " + (solutions.isEmpty() ? "no" : "more than one")
                            + " solution; expected exactly one, or the solution as answer");
        }
        return puzzle.grid(solutions.get(0));
    }

    private static Problem problem(String id, String question, Grid solution) {
        String asked =
                question.stripTrailing() + "\n\nThink step by step. Then give the whole solution as JSON in exactly"
                        + " this form, with one of the values listed above in place of each ___:\n\n" + blank(solution);
        String conversation = "A conversation between User and Assistant. The user poses a puzzle, and the Assistant"
                + " solves it. The assistant first thinks step by step and then gives the whole solution as JSON.\n"
                + "User: " + asked + "\nAssistant: Let me solve this step by step.\n";
        return new Problem(id, List.of(new Message("user", asked)), conversation, solution.toJson());
    }

    private static String blank(Grid solution) {
        StringBuilder json = new StringBuilder("{\n");
        for (int house = 1; house <= solution.houses().size(); house++) {
            List<String> cells = solution.attributes().stream()
                    .map(attribute -> "\"" + attribute + "\": \"___\"")
                    .toList();
            json.append("  \"House ")
                    .append(house)
                    .append("\": {")
                    .append(String.join(", ", cells))
                    .append('}');
            json.append(house < solution.houses().size() ? ",\n" : "\n}");
        }
        return json.toString();
    }

    @Override
    public Score verify(Problem problem, String response) {
        Grid solution = Grid.ofAnswer(problem.id(), problem.answer());
        Cells answer = AnswerReader.read(response, solution);
        if (answer == null) {
            return new Score(
                    0, Map.of(Score.CORRECT, 0.0, CELLS, 0.0), null, "no answer: no grid as JSON or as a table");
        }
        int right = 0;
        for (boolean[] house : solution.right(answer)) {
            for (boolean cell : house) {
                right += cell ? 1 : 0;
            }
        }
        String fault = solution.fault(answer);
        double share = (double) right / solution.size();
        double reward = fault == null ? 1 : settings.cellReward() * share;
        String reason = fault == null ? "right" : right + " of " + solution.size() + " cells right: " + fault;
        Map<String, Double> parts = Map.of(Score.CORRECT, fault == null ? 1.0 : 0.0, CELLS, share);
        return new Score(reward, parts, shown(answer.toString()), reason);
    }

    private static String shown(String answer) {
        return answer.length() <= LONGEST_SHOWN ? answer : answer.substring(0, LONGEST_SHOWN) + " ..";
    }
}
