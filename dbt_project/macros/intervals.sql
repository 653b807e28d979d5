{#-
    95 % intervals, as set out in the docs ("Statistics"). All are written over sums that add up exactly: `sum_x` and
    `sum_n` are totals of numerator and denominator; `sum_xx`, `sum_xn`, `sum_nn` are sums over customers of the
    products of the customer's totals; `cluster_count` is the number of customers.
-#}
{% macro z_95() -%}1.959963984540054{%- endmacro %}

{#-
    The columns every clustered aggregate carries, over one row per customer with `cluster_x` and `cluster_n`. Products
    are taken in 38 digits: those of 18 overflow from totals of about 300,000 on; where both are `counts` (bigint), in 64
    bits, which hold those of three billion and cost a third. A customer of whom nothing counts yet (nothing mature) is no
    cluster: it would lend the interval degrees of freedom it has not got.
-#}
{% macro cluster_sums(counts=false) -%}
    {%- set x, n = ['cluster_x', 'cluster_n'] if counts else ['cast(cluster_x as decimal(19, 4))', 'cast(cluster_n as decimal(19, 4))'] -%}
    sum(cluster_x) as sum_x,
    sum(cluster_n) as sum_n,
    sum({{ x }} * {{ x }}) as sum_xx,
    sum({{ x }} * {{ n }}) as sum_xn,
    sum({{ n }} * {{ n }}) as sum_nn,
    count(*) filter (where cluster_x <> 0 or cluster_n <> 0) as cluster_count
{%- endmacro %}

{#-
    Cluster-robust over binomial variance of a proportion, at least 1. At 0 % and 100 %, and for a single customer, no
    variance can be seen; the customer's units then count as one (mean cluster size, Σn² / Σn).
-#}
{% macro design_effect(sum_x='sum_x', sum_n='sum_n', sum_xx='sum_xx', sum_xn='sum_xn', sum_nn='sum_nn', clusters='cluster_count') -%}
    (case
        when {{ clusters }} < 2 or {{ sum_x }} <= 0 or {{ sum_x }} >= {{ sum_n }}
            then greatest(1.0, cast({{ sum_nn }} as double) / nullif(cast({{ sum_n }} as double), 0))
        else greatest(
            1.0,
            cast({{ clusters }} as double) / ({{ clusters }} - 1)
            * (
                cast({{ sum_xx }} as double)
                - 2.0 * (cast({{ sum_x }} as double) / cast({{ sum_n }} as double)) * cast({{ sum_xn }} as double)
                + power(cast({{ sum_x }} as double) / cast({{ sum_n }} as double), 2) * cast({{ sum_nn }} as double)
            )
            / (
                cast({{ sum_x }} as double) * (1.0 - cast({{ sum_x }} as double) / cast({{ sum_n }} as double))
            )
        )
    end)
{%- endmacro %}

{#- Wilson bound of a proportion on n / design effect; `side` is -1 for the lower, 1 for the upper one. -#}
{% macro wilson(successes, n, design_effect, side) -%}
    {%- set p = '(cast(' ~ successes ~ ' as double) / cast(' ~ n ~ ' as double))' -%}
    {%- set m = '(cast(' ~ n ~ ' as double) / ' ~ design_effect ~ ')' -%}
    (case when {{ n }} > 0 then round(least(1.0, greatest(0.0,
        (
            {{ p }} + power({{ z_95() }}, 2) / (2.0 * {{ m }})
            + {{ side }} * {{ z_95() }} * sqrt(
                greatest(0.0, {{ p }} * (1.0 - {{ p }})) / {{ m }} + power({{ z_95() }} / (2.0 * {{ m }}), 2)
            )
        ) / (1.0 + power({{ z_95() }}, 2) / {{ m }})
    )), 6) end)
{%- endmacro %}

{#- NPS bound in points (−100 to 100) from promoters, detractors and answers. -#}
{% macro nps_bound(promoters, detractors, n, side) -%}
    {%- set p = '((cast(' ~ promoters ~ ' as double) + 1.0) / (cast(' ~ n ~ ' as double) + 2.0))' -%}
    {%- set d = '((cast(' ~ detractors ~ ' as double) + 1.0) / (cast(' ~ n ~ ' as double) + 2.0))' -%}
    (case when {{ n }} > 0 then round(100.0 * least(1.0, greatest(-1.0,
        {{ p }} - {{ d }} + {{ side }} * {{ z_95() }} * sqrt(
            ({{ p }} + {{ d }} - power({{ p }} - {{ d }}, 2)) / (cast({{ n }} as double) + 2.0)
        )
    )), 6) end)
{%- endmacro %}

{#-
    97.5 % quantile of Student's t for whole degrees of freedom: tabled for 1 to 9, else the Cornish–Fisher expansion to
    the fourth order (Abramowitz and Stegun 26.7.5), off by 8e-6 at 10 degrees and less from there on.
-#}
{% macro student_t_975(degrees) -%}
    (case
        when {{ degrees }} < 10 then [
            12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135,
            2.262157163
        ][cast(greatest(1, {{ degrees }}) as integer)]
        else {{ z_95() }}
            + 2.372271230 / {{ degrees }}
            + 2.822498616 / power({{ degrees }}, 2)
            + 2.555849680 / power({{ degrees }}, 3)
            + 1.589534053 / power({{ degrees }}, 4)
    end)
{%- endmacro %}

{#- Half-width of a ratio of sums (or mean: n = 1 per row), delta method clustered by customer; NULL under 2 customers. -#}
{% macro ratio_half_width(sum_x='sum_x', sum_n='sum_n', sum_xx='sum_xx', sum_xn='sum_xn', sum_nn='sum_nn', clusters='cluster_count') -%}
    (case when {{ clusters }} >= 2 and {{ sum_n }} > 0 then
        {{ student_t_975('(' ~ clusters ~ ' - 1)') }}
        * sqrt(greatest(0.0,
            cast({{ clusters }} as double) / ({{ clusters }} - 1)
            * (
                cast({{ sum_xx }} as double)
                - 2.0 * (cast({{ sum_x }} as double) / cast({{ sum_n }} as double)) * cast({{ sum_xn }} as double)
                + power(cast({{ sum_x }} as double) / cast({{ sum_n }} as double), 2) * cast({{ sum_nn }} as double)
            )
        )) / cast({{ sum_n }} as double)
    end)
{%- endmacro %}

{#-
    Upper tail of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 7.5e-8), for |z| as
    large as doubles carry.
-#}
{% macro normal_upper_tail(z) -%}
    {%- set t = '(1.0 / (1.0 + 0.2316419 * abs(' ~ z ~ ')))' -%}
    {%- set tail = '(exp(-power(' ~ z ~ ', 2) / 2.0) / 2.5066282746310002 * ' ~ t ~ ' * (0.319381530 + ' ~ t
        ~ ' * (-0.356563782 + ' ~ t ~ ' * (1.781477937 + ' ~ t ~ ' * (-1.821255978 + ' ~ t ~ ' * 1.330274429)))))' -%}
    (case when {{ z }} >= 0 then {{ tail }} else 1.0 - {{ tail }} end)
{%- endmacro %}
