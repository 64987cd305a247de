package dev.upbeat.checkpoint.jinja;

import dev.upbeat.checkpoint.jinja.Values.Namespace;
import dev.upbeat.checkpoint.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template that writes text or sets variables. */
interface Statement {
    /** How a loop goes on after a statement. */
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
            BoundedText out = new BoundedText();
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
            out.append(Text.str(value.eval(scope)));
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

    /** A condition with its block; of an {@code if}, one for each {@code elif}. */
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
    record For(Target target, Expression items, @Nullable Expression condition, Block body, Block otherwise, int line)
            implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            List<Object> chosen = chosen(scope);
            Loop loop = new Loop(chosen);
            boolean completed = false; // as in jinja2, an iteration that was left early does not count for the else
            for (int i = 0; i < chosen.size(); i++) {
                scope.render().spend(3); // a scope is dear
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

        private List<Object> chosen(Scope scope) {
            List<Object> all = Values.iterate(items.eval(scope));
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

    /** {@code {% set target = value %}}, or a block's text as the value. */
    record Set(Target target, Expression value, int line) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.render().at(line);
            target.set(scope, value.eval(scope));
            return Flow.NEXT;
        }
    }

    /** {@code {% generation %}}: marks what an assistant wrote; prints its block. */
    record Generation(Block body) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            return body.run(scope.inner(), out);
        }
    }

    /** @param fallback null for a parameter that is undefined when not given */
    record Parameter(String name, @Nullable Expression fallback) {}

    /** {@code {% macro name(parameters) %}}: a function that gives its block's text. */
    record Macro(String name, List<Parameter> parameters, Block body) implements Statement {
        @Override
        public Flow run(Scope scope, BoundedText out) {
            scope.set(name, (Values.Function) (arguments, render) -> call(scope.inner(), arguments));
            return Flow.NEXT;
        }

        private Object call(Scope inner, Arguments arguments) {
            Arguments.Bound bound = arguments.bind(
                    name, 0, parameters.stream().map(Parameter::name).toArray(String[]::new));
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

    /** What a value is assigned to. */
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
            List<Object> items = Values.iterate(value);
            if (items.size() != targets.size()) {
                throw new TemplateError("cannot unpack " + items.size() + " values into " + targets.size() + " names");
            }
            for (int i = 0; i < items.size(); i++) {
                targets.get(i).set(scope, items.get(i));
            }
        }
    }
}
