package dev.upbeat.jinja;

import dev.upbeat.jinja.Values.Namespace;
import dev.upbeat.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a template that writes text or sets variables. */
interface Statement {
    /** Control flow of a loop after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Scope scope, BoundedText out);

    /** Statements one after the other. */
    record Block(List<Statement> statements) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().enter();
            Flow flow = Flow.NEXT;
            for (int i = 0; i < statements.size() && flow == Flow.NEXT; i++) {
                flow = statements.get(i).run(scope, out);
            }
            scope.render().leave();
            return flow;
        }

        /** The text that the block writes. */
        String text(Scope scope) {
            BoundedText out = new BoundedText(scope.render());
            run(scope, out);
            return out.toString();
        }
    }

    /** The template's own text. */
    record Data(String text) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            out.append(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}} */
    record Print(Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            out.append(Text.str(value.eval(scope), scope.render()));
            return Flow.NEXT;
        }
    }

    /** {@code {% break %}} and {@code {% continue %}} */
    record Jump(Flow flow) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            return flow;
        }
    }

    /** A condition with its block: the {@code if} itself, or one of its {@code elif}. */
    record Branch(Expression condition, Block body, int line) {}

    /** {@code {% if %}}: runs the first branch whose condition holds, else the last block. */
    record If(List<Branch> branches, Block otherwise) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            for (Branch branch : branches) {
                scope.render().at(branch.line());
                if (Values.isTrue(branch.condition().eval(scope))) {
                    return branch.body().run(scope, out);
                }
            }
            return otherwise.run(scope, out);
        }
    }

    /** {@code {% for target in items if condition %}} */
    record For(
            Target target,
            Expression items,
            @Nullable Expression condition,
            boolean recursive,
            Block body,
            Block otherwise,
            int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            return run(items.eval(scope), 1, scope, out);
        }

        private Object deeper(Arguments arguments, int depth, Scope scope) {
            scope.render().enter();
            BoundedText out = new BoundedText(scope.render());
            run(arguments.bind("loop", 1, "iterable").required("iterable"), depth, scope, out);
            scope.render().leave();
            return out.toString();
        }

        private Flow run(Object given, int depth, Scope scope, BoundedText out) {
            List<Object> chosen = chosen(given, scope);
            Loop loop = new Loop(
                    chosen, depth, recursive ? (arguments, render) -> deeper(arguments, depth + 1, scope) : null);
            boolean completed = false; // as in jinja2, an iteration that ended early does not count for the else
            for (int i = 0; i < chosen.size(); i++) {
                scope.render().spend(3); // a scope is expensive
                Scope inner = scope.inner();
                loop.moveTo(i);
                inner.set("loop", loop);
                target.set(inner, chosen.get(i));
                Flow flow = body.run(inner, out);
                if (flow == Flow.BREAK) {
                    break;
                }
                completed |= flow == Flow.NEXT;
            }
            return completed ? Flow.NEXT : otherwise.run(scope.inner(), out);
        }

        private List<Object> chosen(Object given, Scope scope) {
            List<Object> all = Values.iterate(given, scope.render());
            if (condition == null) {
                return all;
            }
            List<Object> chosen = new ArrayList<>();
            for (Object item : all) {
                scope.render().spend(3);
                Scope inner = scope.inner();
                target.set(inner, item);
                if (Values.isTrue(condition.eval(inner))) {
                    chosen.add(item);
                }
            }
            return chosen;
        }
    }

    /** {@code {% set target = value %}}; the value may be the text of a block. */
    record Set(Target target, Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            target.set(scope, value.eval(scope));
            return Flow.NEXT;
        }
    }

    /** {@code {% generation %}}: marks the assistant's text; prints its block. */
    record Generation(Block body) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            return body.run(scope.inner(), out);
        }
    }

    /** @param fallback default value; null for a parameter without one, which is undefined if it is not given */
    record Parameter(String name, @Nullable Expression fallback) {}

    /**
     * {@code {% macro name(parameters) %}}: a function that gives its block's text.
     *
     * @param special which of {@code caller}, {@code varargs} and {@code kwargs} the block reads; the macro accepts
     *     only these
     */
    record Macro(String name, List<Parameter> parameters, Block body, java.util.Set<String> special)
            implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.set(name, function(scope));
            return Flow.NEXT;
        }

        Values.Function function(Scope scope) {
            return (arguments, render) -> call(scope.inner(), arguments);
        }

        private Object call(Scope inner, Arguments arguments) {
            List<String> names = parameters.stream().map(Parameter::name).toList();
            Map<String, Object> named = new LinkedHashMap<>(arguments.named());
            if (special.contains("caller")) {
                Object caller = named.remove("caller");
                inner.set("caller", caller == null ? new Undefined("No caller defined") : caller);
            }
            List<Object> positional = arguments.positional();
            int taken = special.contains("varargs") ? Math.min(names.size(), positional.size()) : positional.size();
            inner.set("varargs", new Values.Tuple(positional.subList(taken, positional.size())));
            if (special.contains("kwargs")) {
                Map<String, Object> others = new LinkedHashMap<>(named);
                names.forEach(others::remove);
                named.keySet().retainAll(names);
                inner.set("kwargs", others);
            }
            Arguments.Bound bound =
                    new Arguments(positional.subList(0, taken), named).bind(name, 0, names.toArray(String[]::new));
            bound.values().forEach(inner::set);
            for (Parameter parameter : parameters) {
                if (bound.get(parameter.name()) == null) {
                    Undefined missing = new Undefined("parameter '" + parameter.name() + "' was not provided");
                    Expression fallback = parameter.fallback();
                    inner.set(parameter.name(), fallback == null ? missing : fallback.eval(inner));
                }
            }
            return body.text(inner);
        }
    }

    /** {@code {% call(parameters) macro(...) %}}: calls a macro, which may call the block as {@code caller(...)}. */
    record Call(CallExpression call, Macro block, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            out.append(Text.str(call.withCaller(block.function(scope), scope), scope.render()));
            return Flow.NEXT;
        }
    }

    /** {@code {% with name = value %}}: a block with further variables. */
    record With(List<Target> targets, List<Expression> values, Block body, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            Scope inner = scope.inner();
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).set(inner, values.get(i).eval(scope));
            }
            return body.run(inner, out);
        }
    }

    /** {@code {% filter name %}} and {@code {% do value %}}: the first writes its value, the second does not. */
    record Evaluated(Expression value, boolean writes, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            Object result = value.eval(scope);
            if (writes) {
                out.append(Text.str(result, scope.render()));
            }
            return Flow.NEXT;
        }
    }

    /** An unsupported tag, which is an error when it is reached. */
    record Refused(String tag, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            throw new TemplateError("the tag '" + tag + "' is not supported");
        }
    }

    /** The target of an assignment. */
    interface Target {
        void set(Scope scope, Object value);
    }

    record NameTarget(String name) implements Target {
        @Override
        public void set(Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** {@code {% set namespace.attribute = value %}} */
    record NamespaceTarget(String name, String attribute) implements Target {
        @Override
        public void set(Scope scope, Object value) {
            Object target = scope.get(name);
            if (!(target instanceof Namespace namespace)) {
                throw new TemplateError("cannot set " + name + "." + attribute + ": " + name + " is "
                        + Values.typeName(target) + ", expected a namespace()");
            }
            Functions.requireNamespaceName(attribute);
            namespace.attributes().put(attribute, value);
        }
    }

    record TupleTarget(List<Target> targets) implements Target {
        @Override
        public void set(Scope scope, Object value) {
            List<Object> items = Values.iterate(value, scope.render());
            if (items.size() != targets.size()) {
                throw new TemplateError("cannot unpack " + items.size() + " values into " + targets.size() + " names");
            }
            for (int i = 0; i < items.size(); i++) {
                targets.get(i).set(scope, items.get(i));
            }
        }
    }
}
