package dev.upbeat.train;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.credit.Credit;
import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.judge.JudgementFile;
import dev.upbeat.learn.Critics;
import dev.upbeat.learn.GradientStep;
import dev.upbeat.learn.GroupAdvantage;
import dev.upbeat.learn.Learner;
import dev.upbeat.learn.LoraPolicy;
import dev.upbeat.learn.Optimization;
import dev.upbeat.learn.OverlongPenalty;
import dev.upbeat.learn.Policy;
import dev.upbeat.learn.SupervisedLearner;
import dev.upbeat.learn.Updater;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.SamplingWeights;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.train.config.CriticConfig;
import dev.upbeat.train.config.EvalConfig;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.JudgeConfig;
import dev.upbeat.train.config.LearnConfig;
import dev.upbeat.train.config.RhythmConfig;
import dev.upbeat.train.config.SftConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates the parts of a training from its configuration. The parts themselves take plain values. */
final class Assembly {
    private final TrainingRun run;
    private final StartModel model;
    private final @Nullable PatientTask task;
    private final List<HeldOut.Problems> evaluated;
    private final TrainingListener listener;
    private final Resources resources;
    private final DownloadProgress download;
    private final Answering answering;

    /**
     * @param task null if there is none
     * @param evaluated problems of the evaluations
     */
    Assembly(
            TrainingRun run,
            StartModel model,
            @Nullable PatientTask task,
            List<HeldOut.Problems> evaluated,
            TrainingListener listener,
            Resources resources,
            DownloadProgress download) {
        this.run = run;
        this.model = model;
        this.task = task;
        this.evaluated = evaluated;
        this.listener = listener;
        this.resources = resources;
        this.download = download;
        this.answering = new Answering(listener);
    }

    /**
     * The parts of a training.
     *
     * @param gradientStep saved and restored with each checkpoint
     * @param task null if there is none
     * @param answering reports and stops the generation of responses
     */
    record Parts(
            TrainingLoop loop,
            GradientStep gradientStep,
            RunKeeper keeper,
            @Nullable PatientTask task,
            Answering answering) {}

    Parts sft(SftConfig config) throws IOException {
        SupervisedData data = SupervisedData.of(config, model.encoding());
        SupervisedLearner learner = resources.own(
                new SupervisedLearner(model.policy(), LearningSettings.optimization(config.optimizer(), 1)));
        RunKeeper keeper = keeper(config, learner.gradientStep()::save, learner.gradientStep()::roundingLoss);
        return new Parts(
                new SupervisedTrainer(
                        data, learner, keeper, run, config.validation().every()),
                learner.gradientStep(),
                keeper,
                task,
                answering);
    }

    /** @param checkpoint to continue from; null for a new run */
    Parts grpo(GrpoConfig config, @Nullable Path checkpoint) throws IOException {
        Policy policy = model.policy();
        Encoding encoding = model.encoding();
        LearnConfig learn = config.learn();
        Credit credit = config.credit().options().credit();
        StepJudge judge = judge(config);
        RolloutObserver.requireMeasured(credit.needs(), config.credit());
        PatientTask asked = Objects.requireNonNull(task, "a task is trained on");
        Journal.Rule journal = new Journal.Rule(
                config.optimizer().steps(),
                config.journal().tracesEvery(),
                config.journal().traces());
        RolloutObserver observer = observer(config, credit, journal, checkpoint);
        int minibatches = config.rollout().responses() / learn.minibatch();
        int gradientSteps = minibatches * credit.updates();
        Critics critics = critics(config, minibatches, checkpoint);
        Learner learner = resources.own(new Learner(
                policy,
                LearningSettings.loss(config),
                LearningSettings.optimization(config.optimizer(), gradientSteps),
                learn.minibatch(),
                config.seed()));
        State state = directory -> {
            learner.gradientStep().save(directory);
            observer.save(directory);
            if (critics != null) {
                critics.save(directory);
            }
        };
        RunKeeper keeper = keeper(config, state, learner.gradientStep()::roundingLoss);
        Sampling sampling = new Sampling(
                config.rollout().maxNewTokens(),
                config.rollout().temperature(),
                0,
                1,
                config.seed(),
                encoding.stopIds(),
                SamplingWeights.valueOf(config.rollout().weights().toUpperCase(Locale.ROOT)));
        Trainer trainer = new Trainer(
                new Actor(
                        policy,
                        asked,
                        encoding,
                        new Actor.Settings(
                                config.rollout().prompts(), config.rollout().group(), sampling, observer.readsTexts()),
                        answering),
                new Verifier(
                        asked,
                        encoding,
                        learn.overlong().equals("punish")
                                ? new OverlongPenalty(config.rollout().maxNewTokens(), learn.overlongBuffer())
                                : null),
                observer,
                judge,
                critics,
                credit,
                new Updater(learner, reference(config, checkpoint), LearningSettings.responses(config)),
                new Journal(
                        run,
                        keeper,
                        encoding,
                        journal,
                        credit,
                        new NoGradientWarning(listener),
                        new CutOffWarning(listener, config.rollout().maxNewTokens())),
                GroupAdvantage.Deviation.valueOf(learn.advantageStd().toUpperCase(Locale.ROOT)),
                config.seed());
        return new Parts(trainer, learner.gradientStep(), keeper, asked, answering);
    }

    /** The judge whose scores the credit reads; null if it reads none. */
    private @Nullable StepJudge judge(GrpoConfig config) throws IOException {
        if (!config.credit().isJudged()) {
            return null;
        }
        JudgeConfig judge = Objects.requireNonNull(config.credit().judge(), "required by the strategy");
        Object critiques = config.credit().options().resolved().get("critiques"); // only capo reads it
        return StepJudge.of(
                judge,
                critiques instanceof Integer count ? count : 0,
                resources.own(new JudgementFile(run.judgements())),
                model.encoding(),
                listener);
    }

    /**
     * The critics whose values the credit reads; null if it reads none.
     *
     * @param minibatches gradient steps of an epoch
     */
    private @Nullable Critics critics(GrpoConfig config, int minibatches, @Nullable Path checkpoint)
            throws IOException {
        CriticConfig critic = config.credit().usedCritic();
        if (critic == null) {
            return null;
        }
        Policy policy = model.policy();
        Critics.Settings settings = new Critics.Settings(
                critic.count(),
                critic.layersOf(policy.config().layers()),
                critic.trainsEmbedding(),
                critic.epochs(),
                minibatches);
        Optimization optimization = LearningSettings.optimization(critic, config.optimizer());
        Critics critics = resources.own(new Critics(
                startingModel(config, checkpoint), policy.compute(), settings, optimization, config.seed()));
        if (checkpoint != null) {
            critics.load(checkpoint.resolve(RunState.DIRECTORY));
        }
        return critics;
    }

    private RolloutObserver observer(GrpoConfig config, Credit credit, Journal.Rule journal, @Nullable Path checkpoint)
            throws IOException {
        RhythmConfig rhythm = config.rhythm();
        Set<String> needs = credit.needs();
        List<Integer> layers = rhythm.layers().resolve(model.policy().config().layers());
        RhythmOptions options = new RhythmOptions(
                layers,
                rhythm.settings(),
                rhythm.receivers(),
                RhythmOptions.Alignment.valueOf(rhythm.alignment().toUpperCase(Locale.ROOT)),
                config.credit().allHeads() ? allHeads(layers, rhythm.settings()) : null,
                RhythmOptions.Extras.measurable(needs, rhythm.pathLinks(), rhythm.flowLinks(), rhythm.stepKeys()));
        // A continued run has the groups of its checkpoint, whatever has become of the file.
        HeadGroups given =
                checkpoint == null ? GivenHeads.of(config, model.policy().config()) : null;
        boolean observesAll = credit.needsAllResponses()
                || config.learn().kl() > 0
                || config.learn().entropy() > 0;
        RolloutObserver observer = new RolloutObserver(
                model.policy(),
                options,
                given,
                rhythm.heads() == null ? rhythm.groupsEvery() : 0,
                observesAll,
                needs.contains(Observation.GRADIENT_NORM),
                journal);
        if (checkpoint != null) {
            observer.load(checkpoint.resolve(RunState.DIRECTORY));
        }
        return observer;
    }

    /** Head groups that both contain all candidate heads. */
    private HeadGroups allHeads(List<Integer> layers, RhythmSettings settings) {
        List<Head> all = new ArrayList<>();
        for (int layer : layers) {
            for (int head = 0; head < model.policy().config().heads(); head++) {
                all.add(new Head(layer, head));
            }
        }
        return new HeadGroups(layers, new TreeMap<>(), all, all, List.of(), settings);
    }

    /** The initial model, frozen; null without a KL term. */
    private @Nullable Decoder reference(GrpoConfig config, @Nullable Path checkpoint) throws IOException {
        if (config.learn().kl() == 0) {
            return null;
        }
        if (model.policy() instanceof LoraPolicy lora) {
            return lora.base();
        }
        Checkpoint frozen = startingModel(config, checkpoint);
        return resources.own(
                Decoder.load(frozen.config(), frozen.weights(), model.policy().compute()));
    }

    /** The files of the model that the run began with. They stay open to the end. */
    private Checkpoint startingModel(GrpoConfig config, @Nullable Path checkpoint) throws IOException {
        ModelFiles files = StartFiles.locate(config, download);
        Checkpoint start = resources.own(Checkpoint.open(files.model(), files.adapter()));
        if (checkpoint != null) { // without a checkpoint, the policy was just read from the same model
            run.requireSame("model", new FileHash(Objects.requireNonNull(config.modelName()), start.sha256()));
        }
        return start;
    }

    /** Saves the state of a learner. */
    private interface State {
        void save(Path directory) throws IOException;
    }

    private RunKeeper keeper(TrainConfig config, State state, Supplier<OptionalDouble> roundingLoss)
            throws IOException {
        EvalConfig eval = config.eval();
        Sampling sampling = new Sampling(
                eval.maxNewTokens(),
                eval.temperature(),
                0,
                1,
                config.seed(),
                model.encoding().stopIds());
        HeldOut heldOut = new HeldOut(
                model.policy(), model.encoding(), sampling, config.optimizer().steps(), evaluated, answering);
        RunKeeper.Rule rule = new RunKeeper.Rule(
                config.optimizer().steps(),
                config.checkpoint().every(),
                config.checkpoint().keepLast(),
                config.checkpoint().keepBest());
        return new RunKeeper(
                run,
                rule,
                heldOut,
                (step, directory) -> {
                    model.save(directory);
                    Path trainer = Files.createDirectory(directory.resolve(RunState.DIRECTORY));
                    state.save(trainer);
                    RunState.now(step, model.policy().compute()).write(trainer);
                },
                roundingLoss,
                listener);
    }
}
