"""What the checks on training, experiments and evaluation say of small repositories."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.checks.framework import Facts, run_checks
from auditor.findings import Finding, Status
from auditor.repository.inventory import read_repository

STEP = (
    "import torch\nopt = torch.optim.SGD(net.parameters(), 0.1)\nfor x, y in data:\n"
    "    loss(net(x), y).backward()\n    opt.step()\n"
)
TRAIN = STEP + "test_acc = accuracy(net, held_out)\nprint('test accuracy', test_acc)\n"
LOAD_AND_SCORE = (
    "import torch\nfrom sklearn.metrics import accuracy_score\nnet = torch.load('net.pt')\n"
    "print('accuracy', accuracy_score(y, net(x)))\n"
)
ARGUMENTS = "import argparse\nparser = argparse.ArgumentParser()\n{option}\nargs = parser.parse_args()\n{use}\n"


def answer(root: Path, files: dict[str, str], check: str) -> Finding:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return next(iter(run_checks(Facts([read_repository(root)]), [check])))


def level(root: Path, files: dict[str, str], check: str = "code.evaluation") -> str | None:
    return answer(root, {"README.md": "# A method\n"} | files, check).level


def with_option(option: str, use: str) -> str:
    return ARGUMENTS.format(option=f"parser.add_argument({option})", use=use) + TRAIN


@pytest.mark.parametrize(
    "train",
    [
        with_option("'--evaluate', action='store_true'", "if args.evaluate:\n    run(args)\n    sys.exit()"),
        with_option("'--evaluate', action='store_true'", "if args.evaluate:\n    run(args)\nelse:\n    fit(args)"),
        with_option("'--evaluate', action='store_true'", "if not args.evaluate:\n    fit(args)"),
        with_option("'--eval_only', action='store_true'", "if args.eval_only:\n    print(args.eval_only)"),
        with_option("'--do_train', default=False", "if args.do_train:\n    fit(args)\nif args.do_eval:\n    run(args)"),
        with_option("'--phase', default='train'", "if args.phase == 'train':\n    fit(args)\nelse:\n    run(args)"),
        with_option("'--mode', choices=['train', 'test']", "if args.mode == 'test':\n    print(1)"),
        with_option("'--skip_train', action='store_true'", "if args.skip_train:\n    print(args.skip_train)"),
        with_option("'--eval_ckpt', default=''", "if args.eval_ckpt:\n    run(args.eval_ckpt)\n    exit()"),
        "import sys\nif sys.argv[1] == 'test':\n    print('accuracy', accuracy(net))\n" + TRAIN,
        "from settings import config\ndef main():\n    if config['evaluate']:\n        return accuracy(net)\n" + TRAIN,
        "from settings import args\nif args.evaluate or args.save_replay:\n    play(args)\n    exit()\n" + TRAIN,
        "from settings import args\nwhile going and not args.evaluate_on_test_set_only:\n    epoch()\n" + TRAIN,
    ],
)
def test_a_mode_that_evaluates_stands_on_its_own(tmp_path: Path, train: str) -> None:
    assert level(tmp_path, {"train.py": train}) == "separate"


@pytest.mark.parametrize(
    "train",
    [
        TRAIN,
        with_option("'--evaluate', action='store_true'", ""),  # nothing reads it
        with_option("'--test_every', type=int, default=10", "if args.test_every:\n    print(1)"),
        TRAIN + with_option("'--test', action='store_true'", "if args.test:\n    print('accuracy', accuracy(net))"),
        with_option("'--test', default='laplace'", "if args.test == 'laplace':\n    p = laplace()\nelse:\n    exit()"),
        with_option("'--test_interval', default=500", "if step % args.test_interval == 0:\n    exit()"),
        with_option("'--unit_test', action='store_true'", "if args.unit_test:\n    exit()"),
        with_option("'--finetune', action='store_true'", "if args.finetune:\n    print(args.finetune)"),
        with_option("'--test_batch_size', type=int", "if args.test_batch_size:\n    print(1)"),
        with_option("'--test', action='store_true'", "print(args.test)"),  # no condition asks for it
        with_option(
            "'--fastmode', action='store_true', help='no validation in training'", "if args.fastmode:\n    run()"
        ),
        "for entry in logged:\n    if entry['job'] == 'eval':\n        print(entry)\n" + TRAIN,
        "def split(mode):\n    if mode == 'test':\n        return held_out\n" + TRAIN,
    ],
)
def test_a_metric_within_training_is_inside_whatever_else_is_set(tmp_path: Path, train: str) -> None:
    assert level(tmp_path, {"train.py": train}) == "inside"


def test_a_program_named_for_evaluating_counts_where_it_measures(tmp_path: Path) -> None:
    assert level(tmp_path / "a", {"train.py": TRAIN, "evaluate.py": LOAD_AND_SCORE}) == "separate"
    assert level(tmp_path / "b", {"train.py": TRAIN, "evaluate.py": "print('to come')\n"}) == "inside"


def test_a_program_named_test_evaluates_only_beside_one_that_trains(tmp_path: Path) -> None:
    tries = "from sklearn.metrics import accuracy_score\nprint('accuracy', accuracy_score(y, p))\n"
    assert level(tmp_path / "a", {"train.py": STEP, "run_test.py": tries}) == "separate"
    assert level(tmp_path / "b", {"run_test.py": tries}) == "inside"
    assert level(tmp_path / "c", {"run_test.py": TRAIN}) == "inside"


def test_whatever_its_name_a_program_that_loads_a_model_and_measures_it_evaluates(tmp_path: Path) -> None:
    assert level(tmp_path / "a", {"train.py": STEP, "play.py": LOAD_AND_SCORE}) == "separate"
    assert level(tmp_path / "b", {"main.py": LOAD_AND_SCORE + STEP}) == "inside"


def test_a_program_named_as_the_one_that_trains_but_for_testing_may_adapt_its_model(tmp_path: Path) -> None:
    assert level(tmp_path / "a", {"train_net.py": STEP, "test_net.py": TRAIN}) == "separate"
    assert level(tmp_path / "b", {"train_net.py": STEP, "test_other.py": TRAIN}) == "inside"
    assert level(tmp_path / "c", {"train_net.py": STEP, "more/test_net.py": TRAIN}) == "inside"


def test_what_is_loaded_to_be_measured_is_a_model_and_no_data(tmp_path: Path) -> None:
    data = LOAD_AND_SCORE.replace("net = torch.load('net.pt')", "boards = torch.load(features)")
    assert level(tmp_path, {"train.py": STEP, "errors.py": data}) == "inside"


def test_a_documented_command_below_a_heading_on_evaluation_evaluates(tmp_path: Path) -> None:
    main = "import sys\nconfigure(sys.argv)\n" + TRAIN
    readme = "# A method\n\n## Training\n\n```\npython main.py\n```\n"
    assert level(tmp_path / "a", {"main.py": main, "README.md": readme}) == "inside"
    headed = readme + "\n## {}\n\n```\npython main.py --load net.pt\n```\n"
    assert level(tmp_path / "b", {"main.py": main, "README.md": headed.format("Evaluation")}) == "separate"
    on_data = headed.format("Running on benchmark datasets")
    assert level(tmp_path / "c", {"main.py": main, "README.md": on_data}) == "inside"


def test_a_command_that_runs_what_a_compiler_makes_breaks_nothing(tmp_path: Path) -> None:
    readme = "# A method\n\n```\ng++ -O2 solve.cpp\n./a.out -b 20 < in.txt\n```\n"
    files = {"README.md": readme, "train.py": TRAIN, "solve.cpp": "int main() { return 0; }\n"}
    assert level(tmp_path, files) == "inside"


def test_odd_calls_are_no_metrics(tmp_path: Path) -> None:
    odd = "rate = schedule.eval(step)\nself.new_metric(float(x))\nstate = particles.predict(u)\nz = z_score(x)\n"
    odd += "model.eval()\n"
    assert level(tmp_path, {"run.py": STEP + odd}) == "none"


def test_the_score_of_a_game_measures_nothing_where_nothing_is_fitted(tmp_path: Path) -> None:
    play = "reward = env.step(choice())\nprint('Total reward: {}'.format(reward))\n"
    assert level(tmp_path / "a", {"play.py": play}) == "none"
    assert level(tmp_path / "b", {"train.py": STEP + play}) == "inside"


@pytest.mark.parametrize(
    "line",
    [
        "tf.estimator.train_and_evaluate(e, t, tf.estimator.EvalSpec(input_fn=f))",
        "model.fit(x, y, validation_data=(a, b))",
        "print('Episode {}\\tReward: {:.2f}'.format(i, r))",
        "print(cross_val_score(m, x, y, scoring='accuracy'))",
    ],
)
def test_what_is_measured_while_training_is_inside(tmp_path: Path, line: str) -> None:
    assert level(tmp_path, {"run.py": "import tensorflow as tf\n" + STEP + line + "\n"}) == "inside"


def test_a_gradient_that_nothing_follows_fits_nothing(tmp_path: Path) -> None:
    saliency = "import torch\ng = torch.autograd.grad(out, x)\nfigure = g * x\nplt.imshow(figure)\nplt.savefig('a')\n"
    assert level(tmp_path / "a", {"maps.py": "import matplotlib.pyplot as plt\n" + saliency}, "code.training") == "na"
    attack = "import torch\nfor i in range(steps):\n    loss.backward()\n    x = x + rate * x.grad.sign()\n"
    assert level(tmp_path / "b", {"attack.py": attack}, "code.training") == "1"


def test_a_kind_of_work_that_is_not_fitted_is_told_by_its_title_where_nothing_is_surely_fitted(tmp_path: Path) -> None:
    loop = "from scipy.optimize import linprog\nprint('cost', linprog(c))\n"
    title = {"README.md": "# A simulator of crowds\n"}
    assert level(tmp_path / "a", {"run.py": loop} | title, "code.training") == "na"
    assert level(tmp_path / "b", {"run.py": loop}, "code.training") == "1"
    assert level(tmp_path / "c", {"run.py": STEP} | title, "code.training") == "1"


def test_demonstrations_on_made_up_data_reproduce_no_experiment(tmp_path: Path) -> None:
    demo = "import numpy as np\nx = np.random.randn(9, 2)\nmodel.fit(x)\n"
    assert level(tmp_path / "a", {"demo.py": demo}, "code.experiments") == "0"
    assert level(tmp_path / "b", {"run.py": demo}, "code.experiments") == "1"


def test_scripts_in_other_languages_are_read_by_their_lines(tmp_path: Path) -> None:
    matlab = {"main.m": "% run\nw = fminunc(@f, w0);\nfprintf('rmse %f', rmse);\n"}
    assert level(tmp_path / "a", matlab, "code.training") == "1"
    assert level(tmp_path / "b", matlab, "code.experiments") == "1"
    assert level(tmp_path / "c", matlab) == "inside"
    assert level(tmp_path / "d", matlab | {"evaluate.m": "acc = accuracy(p, y);\n"}) == "separate"
    cpp = {"main.cpp": "int main(int argc) {\n  for (int iter = 0; iter < n; ++iter) step(w);\n}\n"}
    assert level(tmp_path / "e", cpp, "code.training") == "1"


def test_what_the_lines_of_another_language_do_not_show_is_unknown_and_no_fail(tmp_path: Path) -> None:
    function = {"f.m": "function y = f(x)\ny = x; % train the model, accuracy = 1\n"}
    for number, check in enumerate(("code.training", "code.experiments", "code.evaluation")):
        assert answer(tmp_path / str(number), function, check).status is Status.UNKNOWN


HOOKS = (
    "import torchnet\n\ndef main():\n    def on_end(state):\n        test_acc = accuracy(net, held_out)\n"
    "        print('test accuracy', test_acc)\n    engine = torchnet.Engine()\n    {hands_on}\n\nmain()\n"
)


@pytest.mark.parametrize("hands_on", ["engine.hooks['end'] = on_end", "engine.run([on_end])", "engine.run(end=on_end)"])
def test_a_function_inside_another_runs_with_it(tmp_path: Path, hands_on: str) -> None:
    assert level(tmp_path, {"train.py": STEP + HOOKS.format(hands_on=hands_on)}) == "inside"


def test_what_a_command_line_made_of_functions_offers_is_run(tmp_path: Path) -> None:
    train = "import fire\n\ndef train(lr):\n    optimizer.step()\n\nif __name__ == '__main__':\n    fire.Fire({})\n"
    assert level(tmp_path / "a", {"run.py": train.format("")}, "code.training") == "1"
    assert level(tmp_path / "b", {"run.py": train.format("other")}, "code.training") == "0"


def test_a_module_beside_the_program_is_the_one_that_it_imports(tmp_path: Path) -> None:
    files = {"go/run_fit.py": "import steps\nsteps.main()\n", "go/steps.py": "def main():\n    optimizer.step()\n"}
    assert level(tmp_path, files | {"steps.py": "def main():\n    pass\n"}, "code.training") == "1"


def test_a_function_inside_one_that_nothing_calls_does_not_run(tmp_path: Path) -> None:
    unused = HOOKS.format(hands_on="engine.run([on_end])").replace("\nmain()\n", "\n")
    assert level(tmp_path, {"train.py": STEP + unused}) == "none"


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        ("plt.ylabel('Total Reward')", "inside"),
        ("ax.set_ylabel('Test error')", "inside"),
        ("sns.lineplot(x='epoch', y='Regret', data=df)", "inside"),
        ("plt.ylabel('Density')", "none"),
    ],
)
def test_a_figure_of_a_metric_measures_it(tmp_path: Path, draws: str, expected: str) -> None:
    imports = "import matplotlib.pyplot as plt\nimport seaborn as sns\n"
    assert level(tmp_path, {"run.py": imports + STEP + draws + "\n"}) == expected


@pytest.mark.parametrize(
    "saves",
    [
        "reduced.save('models/small.h5')",
        "net.save_pretrained('out')",
        "torch.save(net.state_dict(), 'pruned.pt')",
    ],
)
def test_a_program_that_makes_a_new_model_of_one_that_it_loads_is_no_mere_evaluation(
    tmp_path: Path, saves: str
) -> None:
    assert level(tmp_path, {"train.py": STEP, "prune.py": f"{LOAD_AND_SCORE}{saves}\n"}) == "inside"


@pytest.mark.parametrize("saves", ["torch.save(predictions, 'p.pt')", "figure.save('curve.png')"])
def test_a_program_that_keeps_what_it_measured_still_evaluates(tmp_path: Path, saves: str) -> None:
    assert level(tmp_path, {"train.py": STEP, "play.py": f"{LOAD_AND_SCORE}{saves}\n"}) == "separate"


def test_gathering_what_training_has_logged_is_no_evaluation_of_its_own(tmp_path: Path) -> None:
    gathers = "import pandas as pd\ntable = pd.read_csv('log.csv')\nbest = evaluate_search(table)\nprint(best)\n"
    assert level(tmp_path, {"train.py": TRAIN, "aggregate_results.py": gathers}) == "inside"


@pytest.mark.parametrize(
    "model",
    [
        "import torch\nnet = torch.nn.Linear(3, 1)\nnet.load_state_dict(torch.load('net.pt'))\n",
        "from tensorflow.keras.models import load_model\nnet = load_model('net.h5')\n",
    ],
)
def test_a_trained_model_that_no_program_trains_misses_its_training(tmp_path: Path, model: str) -> None:
    shows = "import matplotlib.pyplot as plt\nplt.plot(net(x))\n"
    assert level(tmp_path, {"show.py": model + shows}, "code.training") == "0"


def test_a_program_without_a_model_needs_no_training(tmp_path: Path) -> None:
    files = {"show.py": "import matplotlib.pyplot as plt\nplt.plot(x, x ** 2)\n"}
    assert level(tmp_path, files, "code.training") == "na"


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("This is a simulator of roads.", "na"),
        ("The code provides a new data set of roads.", "na"),
        ("The code provides an interface for models on several datasets.", "1"),
        ("This is a method that works with any data set.", "1"),
    ],
)
def test_the_kind_of_work_is_what_it_is_said_to_be_not_what_it_is_for(tmp_path: Path, lead: str, expected: str) -> None:
    solve = "from scipy.optimize import linprog\nprint(linprog(c, a, b))\n"
    assert level(tmp_path, {"README.md": f"# Roads\n\n{lead}\n", "run.py": solve}, "code.training") == expected


def test_a_demonstration_on_data_in_the_tree_is_an_experiment(tmp_path: Path) -> None:
    demo = {"demo.py": STEP.replace("import torch", "import torch, numpy\ndata = numpy.load('data/roads.npz')")}
    assert level(tmp_path / "a", demo, "code.experiments") == "0"
    assert level(tmp_path / "b", demo | {"data/roads.npz": "x" * 5000}, "code.experiments") == "1"


def test_the_evaluation_of_a_copied_library_is_not_the_papers_own(tmp_path: Path) -> None:
    copied = {"lib/LICENSE": "MIT\n", "lib/setup.py": "", "lib/eval_detector.py": LOAD_AND_SCORE}
    files = {"LICENSE": "MIT\n", "train.py": TRAIN}
    assert level(tmp_path / "copied", files | copied) == "inside"
    assert level(tmp_path / "own", files | {"lib/eval_detector.py": LOAD_AND_SCORE}) == "separate"


def test_a_sacred_main_that_others_import_is_a_program(tmp_path: Path) -> None:
    run = (
        "from sacred import Experiment\nex = Experiment('a')\n\n{decorator}\ndef run(lr):\n"
        "    test_acc = accuracy(net, held_out)\n    print('Test accuracy', test_acc)\n"
    )
    files = {"again.py": "import experiment\nprint(experiment)\n"}
    assert level(tmp_path / "main", files | {"experiment.py": run.format(decorator="@ex.automain")}) == "inside"
    assert level(tmp_path / "idle", files | {"experiment.py": run.format(decorator="@ex.capture")}) == "none"


@pytest.mark.parametrize("option", ["--only-predict", "--inference"])
def test_a_mode_that_only_predicts_evaluates_nothing(tmp_path: Path, option: str) -> None:
    name = option.lstrip("-").replace("-", "_")
    train = with_option(f"'{option}', action='store_true'", f"print(args.{name})")
    assert level(tmp_path, {"train.py": train}) == "inside"


def test_a_program_named_for_testing_that_measures_nothing_is_no_evaluation(tmp_path: Path) -> None:
    shows = "import time, torch\nstart = time.time()\nnet = torch.load('net.pt')\nnet(x).save('pose.png')\n"
    assert level(tmp_path, {"train.py": STEP, "test_net.py": shows}) == "none"


def test_a_stored_error_that_is_read_is_not_computed(tmp_path: Path) -> None:
    draws = "import numpy as np\nimport matplotlib.pyplot as plt\n{}\nplt.plot(errors)\nplt.savefig('a.pdf')\n"
    assert level(tmp_path / "a", {"draw.py": draws.format("errors = np.load('errors.npy')")}) == "none"
    assert level(tmp_path / "b", {"draw.py": draws.format("errors = np.abs(truth - guess)")}) == "inside"


def test_evidence_comes_in_the_same_order_in_every_process(tmp_path: Path) -> None:
    names = [f"part_{letter}" for letter in "abcdefgh"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(
            "def run(args):\n    if args.eval_only:\n        print(args)\n    else:\n        run(args)\n"
        )
    body = "".join(f"import {name}\n{name}.run(1)\n" for name in names)
    (tmp_path / "main.py").write_text(f"{body}if __name__ == '__main__':\n    print('accuracy', 1)\n")
    audit = (
        "import sys; from pathlib import Path; from auditor.checks import Facts, all_checks;"
        "from auditor.repository.inventory import read_repository;"
        "print(Facts([read_repository(Path(sys.argv[1]))]).run(all_checks()['code.evaluation']).model_dump_json())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", audit, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(said) == 1
    assert "part_a.py" in said.pop()


@pytest.mark.parametrize("name", ["titanic-model.py", "utils.py", "main.py"])
def test_what_a_file_does_decides_and_not_its_name(tmp_path: Path, name: str) -> None:
    text = (
        "from sklearn.svm import SVC\nfrom sklearn.metrics import accuracy_score\nfrom data import x, y, u, v\n"
        "svc = SVC()\nsvc.fit(x, y)\nprint(accuracy_score(v, svc.predict(u)))\n"
    )
    for check in ("code.training", "code.experiments"):
        assert answer(tmp_path, {name: text}, check).status is Status.PASS


def test_a_module_of_models_runs_no_experiment(tmp_path: Path) -> None:
    text = "from sklearn.svm import SVC\ndef fit(x, y):\n    SVC().fit(x, y)\nprint('models')\n"
    assert answer(tmp_path, {"models.py": text}, "code.experiments").status is Status.FAIL
