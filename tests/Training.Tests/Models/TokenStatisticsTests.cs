using TorchSharp;
using static TorchSharp.torch;

namespace Agentic.Training.Tests;

public sealed class TokenStatisticsTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void Statistics_and_gradients_equal_the_plain_form()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(5, CPU);
        Tensor Random(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: noise);
        var (hidden, head) = (Random(3, 5, 4).requires_grad_(), Random(11, 4).requires_grad_());
        var (plainHidden, plainHead) = (hidden.detach().clone().requires_grad_(), head.detach().clone().requires_grad_());
        var reference = (Random(3, 5, 4), Random(11, 4));
        var (weight, klWeight) = (Random(3, 5), Random(3, 5));
        var mask = Random(3, 5) > 0.2;
        var targets = randint(11, [3, 5], dtype: ScalarType.Int64, generator: noise);
        var batch = new SequenceBatch(zeros_like(targets), targets, mask);

        var actual = TokenStatistics.Compute(hidden, head, batch, Needs.Entropy | Needs.VocabularyReference, reference, topK: 3);
        ((actual.Selected * weight) + (actual.KlFromReference! * klWeight)).sum().backward();

        // The plain form: every score at once, autograd through log-softmax.
        var logProb = plainHidden.matmul(plainHead.t()).log_softmax(-1);
        var other = reference.Item1.matmul(reference.Item2.t()).log_softmax(-1);
        var zero = zeros(3, 5, dtype: ScalarType.Float64);
        var selected = where(mask, logProb.gather(-1, targets.unsqueeze(-1)).squeeze(-1), zero);
        var kl = where(mask, (other.exp() * (other - logProb)).sum(-1), zero);
        ((selected * weight) + (kl * klWeight)).sum().backward();

        Assert.True(actual.Selected.allclose(selected, rtol: 0, atol: Exact));
        Assert.True(actual.KlFromReference!.allclose(kl, rtol: 0, atol: Exact));
        Assert.True(actual.Entropy!.allclose(where(mask, -(logProb.exp() * logProb).sum(-1), zero), rtol: 0, atol: Exact));
        Assert.True(hidden.grad!.allclose(plainHidden.grad!, rtol: 0, atol: Exact));
        Assert.True(head.grad!.allclose(plainHead.grad!, rtol: 0, atol: Exact));
        Assert.True(actual.Top!.LogProbs[mask].allclose(logProb.topk(3, -1).values[mask], rtol: 0, atol: Exact));
        Assert.True(actual.Top.Ids[mask].eq(logProb.topk(3, -1).indexes[mask]).all().item<bool>());
    }

    // Scores z are the hidden states of a head that is the identity.
    [Fact]
    public void Plain_scores_give_the_same_statistics_and_gradient()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(8, CPU);
        Tensor Random(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: noise);
        var (scores, reference) = (Random(3, 5, 7).requires_grad_(), Random(3, 5, 7));
        var plain = scores.detach().clone().requires_grad_();
        var (head, weight, mask) = (eye(7, dtype: ScalarType.Float64), Random(3, 5), Random(3, 5) > 0.2);
        var targets = randint(7, [3, 5], dtype: ScalarType.Int64, generator: noise);
        var batch = new SequenceBatch(targets, targets, mask);
        const Needs All = Needs.Entropy | Needs.VocabularyReference | Needs.BestToken;

        var expected = TokenStatistics.Compute(scores, head, batch, All, (reference, head), topK: 1);
        var actual = TokenStatistics.Compute(plain, batch, All, reference);
        ((expected.Selected + expected.KlFromReference!) * weight).sum().backward();
        ((actual.Selected + actual.KlFromReference!) * weight).sum().backward();

        Assert.True(actual.Selected.allclose(expected.Selected, rtol: 0, atol: Exact));
        Assert.True(actual.KlFromReference!.allclose(expected.KlFromReference!, rtol: 0, atol: Exact));
        Assert.True(actual.Entropy!.allclose(expected.Entropy!, rtol: 0, atol: Exact));
        Assert.True(actual.Top!.Ids.eq(expected.Top!.Ids).all().item<bool>());
        Assert.True(plain.grad!.allclose(scores.grad!, rtol: 0, atol: Exact));
    }

    [Fact]
    public void Chunks_change_nothing()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(6, CPU);
        // 2 x 12 positions of 600,000 tokens: six a chunk, so several chunks and one that is not full.
        var hidden = randn([2, 10, 2], dtype: ScalarType.Float64, generator: noise).requires_grad_();
        var head = randn([600_000, 2], dtype: ScalarType.Float64, generator: noise).requires_grad_();
        var targets = randint(600_000, [2, 10], dtype: ScalarType.Int64, generator: noise);
        var batch = new SequenceBatch(zeros_like(targets), targets, ones_like(targets, dtype: ScalarType.Bool));

        TokenStatistics.Compute(hidden, head, batch).Selected.sum().backward();

        var (plainHidden, plainHead) = (hidden.detach().clone().requires_grad_(), head.detach().clone().requires_grad_());
        plainHidden.matmul(plainHead.t()).log_softmax(-1).gather(-1, targets.unsqueeze(-1)).sum().backward();
        Assert.True(hidden.grad!.allclose(plainHidden.grad!, rtol: 0, atol: Exact));
        Assert.True(head.grad!.allclose(plainHead.grad!, rtol: 0, atol: Exact));
    }

    [Fact]
    public void What_stands_at_a_masked_place_cannot_matter()
    {
        using var scope = NewDisposeScope();
        var hidden = ones(1, 2, 3, dtype: ScalarType.Float64);
        hidden[0, 1].fill_(double.NaN);
        hidden.requires_grad_();
        var head = eye(3, dtype: ScalarType.Float64).requires_grad_();
        var targets = zeros(1, 2, dtype: ScalarType.Int64);
        var batch = new SequenceBatch(targets, targets, tensor(new[,] { { true, false } }));

        var actual = TokenStatistics.Compute(hidden, head, batch);
        actual.Selected.sum().backward();

        // Three equal scores: log 1/3 at the place that counts, 0 at the other.
        Assert.Equal(-Math.Log(3), actual.Selected[0, 0].item<double>(), Exact);
        Assert.Equal(0, actual.Selected[0, 1].item<double>());
        Assert.True(head.grad!.isfinite().all().item<bool>());
        Assert.True(hidden.grad![0, 1].eq(0).all().item<bool>());
    }

    [Fact]
    public void A_batch_that_trains_nothing_gives_zeros()
    {
        using var scope = NewDisposeScope();
        var hidden = ones(1, 2, 3).requires_grad_();
        var head = ones(4, 3).requires_grad_();
        var targets = zeros(1, 2, dtype: ScalarType.Int64);

        var actual = TokenStatistics.Compute(hidden, head, new SequenceBatch(targets, targets, zeros_like(targets, dtype: ScalarType.Bool)), Needs.Entropy, topK: 2);
        actual.Selected.sum().backward();

        Assert.Equal(0, actual.Selected.abs().sum().item<float>());
        Assert.Equal(0, actual.Entropy!.abs().sum().item<float>());
        Assert.Equal([1, 2, 2], actual.Top!.Ids.shape);
    }

    [Fact]
    public void A_thousand_scores_leave_no_tensor_behind()
    {
        using var hidden = ones(2, 3, 4).requires_grad_();
        using var head = ones(5, 4).requires_grad_();
        using var targets = zeros(2, 3, dtype: ScalarType.Int64);
        using var batch = new SequenceBatch(zeros_like(targets), targets.alias(), ones_like(targets, dtype: ScalarType.Bool));
        void Once()
        {
            using var scope = NewDisposeScope();
            TokenStatistics.Compute(hidden, head, batch, Needs.Entropy, topK: 1).Selected.sum().backward();
        }

        Once();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var round = 0; round < 1000; round++)
        {
            Once();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
