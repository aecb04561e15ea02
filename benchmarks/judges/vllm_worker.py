"""vLLM's own label scoring, in its own environment, a round each time it is asked: `judging` starts this.

    .venv-vllm/bin/python benchmarks/judges/vllm_worker.py MODEL < rounds

The first line of input is JSON: prompts, how many ids they share, and label ids. Each further line asks for a round;
the answer is a line of JSON with the CPU seconds that it took and the labels' log-probabilities.
"""

import json
import os
import sys
import time

os.environ |= {"VLLM_ENABLE_V1_MULTIPROCESSING": "0", "VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # vLLM logs to standard output
    from vllm import LLM, SamplingParams
    from vllm.inputs import TokensPrompt

    task = json.loads(sys.stdin.readline())
    llm = LLM(
        model=sys.argv[1],
        dtype="float32",
        enforce_eager=True,
        max_model_len=8192,
        enable_prefix_caching=True,
        block_size=32,  # of 128, its own choice for a CPU, more would be computed again
        skip_tokenizer_init=True,
    )
    how = SamplingParams(temperature=0, max_tokens=1, logprob_token_ids=task["labels"], detokenize=False)
    prompts = [TokensPrompt(prompt_token_ids=ids) for ids in task["prompts"]]
    for _ in sys.stdin:
        # Of the round before, nothing is kept; of this one's prompts, only what they share, as everywhere.
        llm.reset_prefix_cache()
        llm.generate(TokensPrompt(prompt_token_ids=[*task["prompts"][0][: task["shared"]], 0]), how, use_tqdm=False)
        begun = time.process_time()
        outputs = llm.generate(prompts, how, use_tqdm=False)
        taken = time.process_time() - begun
        told = [[output.outputs[0].logprobs[0][id_].logprob for id_ in task["labels"]] for output in outputs]
        print(json.dumps({"seconds": taken, "log_probs": told}), file=answers, flush=True)


if __name__ == "__main__":
    main()
