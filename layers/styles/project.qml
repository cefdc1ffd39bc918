<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis simplifyDrawingTol="1" labelsEnabled="1" simplifyLocal="1" simplifyDrawingHints="1" simplifyAlgorithm="0" simplifyMaxScale="1" symbologyReferenceScale="-1" minScale="100000000" version="3.22.16-Białowieża" styleCategories="Symbology|Labeling|Fields|Forms|Rendering" hasScaleBasedVisibilityFlag="0" maxScale="0">
 <renderer-v2 type="RuleRenderer" referencescale="-1" enableorderby="0" forceraster="0" symbollevels="0">
  <rules key="project">
   <rule label="项目类型" key="legend.project_types">
    <rule filter="&quot;project_type&quot; = 'mine'" symbol="0" label="矿山生态修复" key="project_type.mine"/>
    <rule filter="&quot;project_type&quot; = 'forest_grass'" symbol="1" label="林草质量提升" key="project_type.forest_grass"/>
    <rule filter="&quot;project_type&quot; = 'soil_water'" symbol="2" label="水土流失治理" key="project_type.soil_water"/>
    <rule filter="&quot;project_type&quot; = 'water'" symbol="3" label="水生态系统修复" key="project_type.water"/>
    <rule filter="&quot;project_type&quot; = 'farmland'" symbol="4" label="农业空间生态修复" key="project_type.farmland"/>
    <rule filter="&quot;project_type&quot; = 'urban'" symbol="5" label="城镇空间生态修复" key="project_type.urban"/>
    <rule filter="&quot;project_type&quot; = 'network'" symbol="6" label="生态网络与生物多样性保护" key="project_type.network"/>
    <rule filter="&quot;project_type&quot; = 'construction'" symbol="7" label="建设项目（非修复）" key="project_type.construction"/>
    <rule filter="&quot;project_type&quot; = 'mining'" symbol="8" label="采矿项目（非修复）" key="project_type.mining"/>
    <rule filter="ELSE" symbol="9" label="类型未知" key="legend.unknown_type"/>
   </rule>
   <rule label="选址核查等级（轮廓）" key="legend.siting_grades">
    <rule filter="(coalesce(strpos(coalesce(@restoration_planner_violation, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0)" symbol="10" label="冲突" key="grade.violation"/>
    <rule filter="(coalesce(strpos(coalesce(@restoration_planner_review, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_violation, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0)" symbol="11" label="需复核" key="grade.review"/>
    <rule filter="(coalesce(strpos(coalesce(@restoration_planner_undetermined, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_violation, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_review, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0)" symbol="12" label="无法判定" key="grade.undetermined"/>
    <rule filter="(coalesce(strpos(coalesce(@restoration_planner_permitted, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_violation, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_review, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_undetermined, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0)" symbol="13" label="允许（需认定意见）" key="grade.permitted"/>
    <rule filter="&quot;code&quot; IS NOT NULL AND NOT (coalesce(strpos(coalesce(@restoration_planner_violation, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_review, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_undetermined, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND NOT (coalesce(strpos(coalesce(@restoration_planner_permitted, ''), '␟' || &quot;code&quot; || '␟'), 0) > 0) AND (coalesce(@restoration_planner_violation, '') &lt;> '' OR coalesce(@restoration_planner_review, '') &lt;> '' OR coalesce(@restoration_planner_undetermined, '') &lt;> '' OR coalesce(@restoration_planner_permitted, '') &lt;> '')" symbol="14" label="通过" key="grade.pass"/>
   </rule>
  </rules>
  <symbols>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="0">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="115,58,28,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="1">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="133,191,117,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="10">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="255,255,255,230"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1.6"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="179,0,27,255"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="11">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="255,255,255,230"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1.4"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="224,123,0,255"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="0.8"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="12">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="255,255,255,230"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1.3"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="flat"/>
      <Option type="QString" name="customdash" value="1.6;1"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="122,127,135,255"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="0.7"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="1"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="13">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="255,255,255,230"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1.2"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="43,108,176,255"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="0.6"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="14">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="255,255,255,230"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="1"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="align_dash_pattern" value="0"/>
      <Option type="QString" name="capstyle" value="round"/>
      <Option type="QString" name="customdash" value="5;2"/>
      <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="customdash_unit" value="MM"/>
      <Option type="QString" name="dash_pattern_offset" value="0"/>
      <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
      <Option type="QString" name="draw_inside_polygon" value="0"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="line_color" value="46,125,79,255"/>
      <Option type="QString" name="line_style" value="solid"/>
      <Option type="QString" name="line_width" value="0.4"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="ring_filter" value="0"/>
      <Option type="QString" name="trim_distance_end" value="0"/>
      <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_end_unit" value="MM"/>
      <Option type="QString" name="trim_distance_start" value="0"/>
      <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="trim_distance_start_unit" value="MM"/>
      <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
      <Option type="QString" name="use_custom_dash" value="0"/>
      <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="2">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="167,123,36,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="3">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="20,165,244,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="4">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="246,228,104,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="5">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="101,45,123,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="6">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="26,184,207,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="7">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="131,133,128,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="8">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="51,53,53,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="9">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="color" value="224,227,222,217"/>
      <Option type="QString" name="joinstyle" value="round"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="58,58,58,255"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.2"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
 <labeling type="simple">
  <settings calloutType="simple">
   <text-style fieldName="if(@map_scale &lt; 150000, concat(&quot;code&quot;, '\n', regexp_replace(coalesce(&quot;name&quot;, ''), concat('(.{', ceil(length(coalesce(&quot;name&quot;, '')) / ceil(length(coalesce(&quot;name&quot;, '')) / 12.0)), '})(?=.)'), '\\1\n')), &quot;code&quot;)" fontWeight="75" useSubstitutions="0" capitalization="0" fontSizeMapUnitScale="3x:0,0,0,0,0,0" textOrientation="horizontal" legendString="Aa" textColor="16,16,16,255" fontSize="8.5" fontUnderline="0" fontStrikeout="0" fontLetterSpacing="0" textOpacity="1" blendMode="0" fontItalic="0" fontWordSpacing="0" fontSizeUnit="Point" previewBkgrdColor="255,255,255,255" fontKerning="1" fontFamily="Microsoft YaHei" allowHtml="0" isExpression="1" namedStyle="" multilineHeight="1">
    <families>
     <family name="Microsoft YaHei"/>
     <family name="PingFang SC"/>
     <family name="Source Han Sans SC"/>
     <family name="Noto Sans CJK SC"/>
     <family name="WenQuanYi Zen Hei"/>
     <family name="SimHei"/>
    </families>
    <text-buffer bufferJoinStyle="128" bufferSize="0.90000000000000002" bufferSizeMapUnitScale="3x:0,0,0,0,0,0" bufferDraw="1" bufferBlendMode="0" bufferNoFill="1" bufferColor="255,255,255,255" bufferOpacity="0.90000000000000002" bufferSizeUnits="MM"/>
    <text-mask maskOpacity="1" maskedSymbolLayers="" maskSizeUnits="MM" maskJoinStyle="128" maskType="0" maskSizeMapUnitScale="3x:0,0,0,0,0,0" maskEnabled="0" maskSize="1.5"/>
    <background shapeDraw="0" shapeRadiiX="0" shapeOpacity="1" shapeRadiiY="0" shapeOffsetMapUnitScale="3x:0,0,0,0,0,0" shapeFillColor="255,255,255,255" shapeBorderWidth="0" shapeSizeMapUnitScale="3x:0,0,0,0,0,0" shapeRadiiMapUnitScale="3x:0,0,0,0,0,0" shapeBorderWidthUnit="MM" shapeRotationType="0" shapeSVGFile="" shapeJoinStyle="64" shapeBorderColor="128,128,128,255" shapeBorderWidthMapUnitScale="3x:0,0,0,0,0,0" shapeRotation="0" shapeType="0" shapeOffsetUnit="MM" shapeRadiiUnit="MM" shapeOffsetX="0" shapeSizeX="0" shapeOffsetY="0" shapeSizeY="0" shapeBlendMode="0" shapeSizeUnit="MM" shapeSizeType="0">
     <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="fillSymbol">
      <data_defined_properties>
       <Option type="Map">
        <Option type="QString" name="name" value=""/>
        <Option name="properties"/>
        <Option type="QString" name="type" value="collection"/>
       </Option>
      </data_defined_properties>
      <layer class="SimpleFill" enabled="1" locked="0" pass="0">
       <Option type="Map">
        <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="color" value="255,255,255,255"/>
        <Option type="QString" name="joinstyle" value="bevel"/>
        <Option type="QString" name="offset" value="0,0"/>
        <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="offset_unit" value="MM"/>
        <Option type="QString" name="outline_color" value="128,128,128,255"/>
        <Option type="QString" name="outline_style" value="no"/>
        <Option type="QString" name="outline_width" value="0"/>
        <Option type="QString" name="outline_width_unit" value="MM"/>
        <Option type="QString" name="style" value="solid"/>
       </Option>
       <data_defined_properties>
        <Option type="Map">
         <Option type="QString" name="name" value=""/>
         <Option name="properties"/>
         <Option type="QString" name="type" value="collection"/>
        </Option>
       </data_defined_properties>
      </layer>
     </symbol>
    </background>
    <shadow shadowRadiusMapUnitScale="3x:0,0,0,0,0,0" shadowRadiusAlphaOnly="0" shadowOffsetUnit="MM" shadowOffsetGlobal="1" shadowUnder="0" shadowOpacity="0.69999999999999996" shadowColor="0,0,0,255" shadowDraw="0" shadowOffsetMapUnitScale="3x:0,0,0,0,0,0" shadowRadius="1.5" shadowScale="100" shadowOffsetAngle="135" shadowBlendMode="6" shadowOffsetDist="1" shadowRadiusUnit="MM"/>
    <dd_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </dd_properties>
    <substitutions/>
   </text-style>
   <text-format placeDirectionSymbol="0" plussign="0" formatNumbers="0" rightDirectionSymbol=">" multilineAlign="1" reverseDirectionSymbol="0" useMaxLineLengthForAutoWrap="1" decimals="3" wrapChar="" autoWrapLength="0" leftDirectionSymbol="&lt;" addDirectionSymbol="0"/>
   <placement placementFlags="10" rotationUnit="AngleDegrees" rotationAngle="0" yOffset="0" xOffset="0" overrunDistanceMapUnitScale="3x:0,0,0,0,0,0" overrunDistance="0" geometryGeneratorEnabled="0" layerType="UnknownGeometry" labelOffsetMapUnitScale="3x:0,0,0,0,0,0" lineAnchorClipping="0" placement="8" repeatDistanceMapUnitScale="3x:0,0,0,0,0,0" lineAnchorPercent="0.5" geometryGenerator="" maxCurvedCharAngleIn="25" geometryGeneratorType="PointGeometry" preserveRotation="1" distMapUnitScale="3x:0,0,0,0,0,0" quadOffset="4" centroidInside="0" maxCurvedCharAngleOut="-25" overrunDistanceUnit="MM" polygonPlacementFlags="2" distUnits="MM" predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR" lineAnchorType="0" offsetType="0" repeatDistanceUnits="MM" repeatDistance="0" fitInPolygonOnly="0" centroidWhole="0" dist="0" offsetUnits="MM" priority="10"/>
   <rendering upsidedownLabels="0" unplacedVisibility="0" obstacleType="1" displayAll="0" scaleMin="0" zIndex="0" scaleVisibility="1" minFeatureSize="0" fontLimitPixelSize="0" drawLabels="1" limitNumLabels="0" labelPerPart="1" maxNumLabels="2000" obstacle="1" fontMaxPixelSize="10000" scaleMax="2000000" obstacleFactor="1" fontMinPixelSize="0" mergeLines="0"/>
   <dd_properties>
    <Option type="Map">
     <Option type="QString" name="name" value=""/>
     <Option name="properties"/>
     <Option type="QString" name="type" value="collection"/>
    </Option>
   </dd_properties>
   <callout type="simple">
    <Option type="Map">
     <Option type="QString" name="anchorPoint" value="pole_of_inaccessibility"/>
     <Option type="int" name="blendMode" value="0"/>
     <Option type="Map" name="ddProperties">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
     <Option type="bool" name="drawToAllParts" value="false"/>
     <Option type="QString" name="enabled" value="0"/>
     <Option type="QString" name="labelAnchorPoint" value="point_on_exterior"/>
     <Option type="QString" name="lineSymbol" value="&lt;symbol type=&quot;line&quot; force_rhr=&quot;0&quot; clip_to_extent=&quot;1&quot; alpha=&quot;1&quot; name=&quot;symbol&quot;>&lt;data_defined_properties>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;name&quot; value=&quot;&quot;/>&lt;Option name=&quot;properties&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;type&quot; value=&quot;collection&quot;/>&lt;/Option>&lt;/data_defined_properties>&lt;layer class=&quot;SimpleLine&quot; enabled=&quot;1&quot; locked=&quot;0&quot; pass=&quot;0&quot;>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;align_dash_pattern&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;capstyle&quot; value=&quot;square&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash&quot; value=&quot;5;2&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;draw_inside_polygon&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;joinstyle&quot; value=&quot;bevel&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_color&quot; value=&quot;60,60,60,255&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_style&quot; value=&quot;solid&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_width&quot; value=&quot;0.3&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_width_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;ring_filter&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;tweak_dash_pattern_on_corners&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;use_custom_dash&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;width_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;/Option>&lt;prop k=&quot;align_dash_pattern&quot; v=&quot;0&quot;/>&lt;prop k=&quot;capstyle&quot; v=&quot;square&quot;/>&lt;prop k=&quot;customdash&quot; v=&quot;5;2&quot;/>&lt;prop k=&quot;customdash_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;customdash_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;dash_pattern_offset&quot; v=&quot;0&quot;/>&lt;prop k=&quot;dash_pattern_offset_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;dash_pattern_offset_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;draw_inside_polygon&quot; v=&quot;0&quot;/>&lt;prop k=&quot;joinstyle&quot; v=&quot;bevel&quot;/>&lt;prop k=&quot;line_color&quot; v=&quot;60,60,60,255&quot;/>&lt;prop k=&quot;line_style&quot; v=&quot;solid&quot;/>&lt;prop k=&quot;line_width&quot; v=&quot;0.3&quot;/>&lt;prop k=&quot;line_width_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;offset&quot; v=&quot;0&quot;/>&lt;prop k=&quot;offset_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;offset_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;ring_filter&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_end&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_end_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;trim_distance_end_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;trim_distance_start&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_start_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;trim_distance_start_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;tweak_dash_pattern_on_corners&quot; v=&quot;0&quot;/>&lt;prop k=&quot;use_custom_dash&quot; v=&quot;0&quot;/>&lt;prop k=&quot;width_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;data_defined_properties>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;name&quot; value=&quot;&quot;/>&lt;Option name=&quot;properties&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;type&quot; value=&quot;collection&quot;/>&lt;/Option>&lt;/data_defined_properties>&lt;/layer>&lt;/symbol>"/>
     <Option type="double" name="minLength" value="0"/>
     <Option type="QString" name="minLengthMapUnitScale" value="3x:0,0,0,0,0,0"/>
     <Option type="QString" name="minLengthUnit" value="MM"/>
     <Option type="double" name="offsetFromAnchor" value="0"/>
     <Option type="QString" name="offsetFromAnchorMapUnitScale" value="3x:0,0,0,0,0,0"/>
     <Option type="QString" name="offsetFromAnchorUnit" value="MM"/>
     <Option type="double" name="offsetFromLabel" value="0"/>
     <Option type="QString" name="offsetFromLabelMapUnitScale" value="3x:0,0,0,0,0,0"/>
     <Option type="QString" name="offsetFromLabelUnit" value="MM"/>
    </Option>
   </callout>
  </settings>
 </labeling>
 <blendMode>0</blendMode>
 <featureBlendMode>0</featureBlendMode>
 <layerOpacity>1</layerOpacity>
 <fieldConfiguration>
  <field name="fid" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="code" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="programme_codes" configurationFlags="None">
   <editWidget type="">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="project_type" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="矿山生态修复" value="mine"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="林草质量提升" value="forest_grass"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="水土流失治理" value="soil_water"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="水生态系统修复" value="water"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="农业空间生态修复" value="farmland"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="城镇空间生态修复" value="urban"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="生态网络与生物多样性保护" value="network"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="建设项目（非修复）" value="construction"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="采矿项目（非修复）" value="mining"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="measure" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="保护保育" value="conserve"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="自然恢复" value="natural"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="辅助再生" value="assisted"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="生态重建" value="rebuild"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="zone_codes" configurationFlags="None">
   <editWidget type="">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="key_area_codes" configurationFlags="None">
   <editWidget type="">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="counties" configurationFlags="None">
   <editWidget type="">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="tasks" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="start_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="end_year" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="period_note" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="lead_department" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="departments" configurationFlags="None">
   <editWidget type="">
    <config>
     <Option/>
    </config>
   </editWidget>
  </field>
  <field name="new_construction_land" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="是" value="true"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="否" value="false"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="temporary_land" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="是" value="true"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="否" value="false"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="listed_in_plan" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="是" value="true"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="否" value="false"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="status" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="谋划储备" value="谋划储备"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="前期工作" value="前期工作"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="已批复" value="已批复"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="实施中" value="实施中"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="已完工" value="已完工"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="已验收" value="已验收"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="暂缓或取消" value="暂缓或取消"/>
       </Option>
       <Option type="Map">
        <Option type="QString" name="未知" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="opinion_ref" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="stated_quantity" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="area_ha" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="remark" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"/>
      <Option type="bool" name="UseHtml" value="false"/>
     </Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias name="" field="fid" index="0"/>
  <alias name="项目编号" field="code" index="1"/>
  <alias name="项目名称" field="name" index="2"/>
  <alias name="所属重点工程" field="programme_codes" index="3"/>
  <alias name="项目类型" field="project_type" index="4"/>
  <alias name="修复方式" field="measure" index="5"/>
  <alias name="所在分区" field="zone_codes" index="6"/>
  <alias name="所在重点区域" field="key_area_codes" index="7"/>
  <alias name="涉及县（区）" field="counties" index="8"/>
  <alias name="主要任务" field="tasks" index="9"/>
  <alias name="开始年份" field="start_year" index="10"/>
  <alias name="完成年份" field="end_year" index="11"/>
  <alias name="实施期限说明" field="period_note" index="12"/>
  <alias name="牵头部门" field="lead_department" index="13"/>
  <alias name="责任部门" field="departments" index="14"/>
  <alias name="是否新增建设用地" field="new_construction_land" index="15"/>
  <alias name="是否临时用地" field="temporary_land" index="16"/>
  <alias name="是否列入规划" field="listed_in_plan" index="17"/>
  <alias name="实施状态" field="status" index="18"/>
  <alias name="认定意见文号" field="opinion_ref" index="19"/>
  <alias name="规划文本工程量" field="stated_quantity" index="20"/>
  <alias name="项目面积（公顷）" field="area_ha" index="21"/>
  <alias name="备注" field="remark" index="22"/>
 </aliases>
 <defaults>
  <default expression="" field="fid" applyOnUpdate="0"/>
  <default expression="if(&quot;code&quot; is NULL or trim(&quot;code&quot;)='',if(&quot;programme_codes&quot; is NULL,NULL,eval('with_variable(''programme'',array_first(array_filter(string_to_array(regexp_replace(coalesce(&quot;programme_codes&quot;,''''),''[{}&quot;]'',''''),'',''),@element is not NULL and trim(@element)&lt;>'''')),if(@programme is NULL,NULL,with_variable(''codes'',try(aggregate(@layer_id,''array_agg'',&quot;code&quot;,&quot;code&quot; is not NULL and trim(&quot;code&quot;)&lt;>''''),array()),with_variable(''own'',array_filter(@codes,left(@element,length(@programme))=@programme and regexp_match(substr(@element,length(@programme)+1),''^[^0-9A-Za-z]?[0-9]+$'')>0),with_variable(''pattern'',if(array_length(@own)>0,@own,array_filter(@codes,regexp_match(@element,''[0-9]+$'')>0)),@programme||coalesce(regexp_substr(if(array_length(@own)>0,substr(@pattern[0],length(@programme)+1),@pattern[0]),''([^0-9A-Za-z])[0-9]+$''),'''')||if(length(to_string(coalesce(array_max(array_foreach(@own,to_int(regexp_substr(@element,''([0-9]+)$'')))),0)+1))&lt;coalesce(array_min(array_foreach(@pattern,length(regexp_substr(@element,''([0-9]+)$'')))),1),lpad(to_string(coalesce(array_max(array_foreach(@own,to_int(regexp_substr(@element,''([0-9]+)$'')))),0)+1),coalesce(array_min(array_foreach(@pattern,length(regexp_substr(@element,''([0-9]+)$'')))),1),''0''),to_string(coalesce(array_max(array_foreach(@own,to_int(regexp_substr(@element,''([0-9]+)$'')))),0)+1)))))))')),&quot;code&quot;)" field="code" applyOnUpdate="1"/>
  <default expression="" field="name" applyOnUpdate="0"/>
  <default expression="if(&quot;programme_codes&quot; is NULL and coalesce(&quot;name&quot;,'')='',eval('with_variable(''entries'',eval(''with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=programme''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''if(aggregate(@sibling,''''''''count'''''''',1)=1,aggregate(@sibling,''''''''array_agg'''''''',&quot;code&quot;),NULL)'''')))''),if(coalesce(array_length(@entries),0)=0,NULL,''{''||array_to_string(array_foreach(@entries,''&quot;''||replace(replace(@element,''\\\\'',''\\\\\\\\''),''&quot;'',''\\\\&quot;'')||''&quot;''),'','')||''}''))'),&quot;programme_codes&quot;)" field="programme_codes" applyOnUpdate="0"/>
  <default expression="" field="project_type" applyOnUpdate="0"/>
  <default expression="" field="measure" applyOnUpdate="0"/>
  <default expression="if(&quot;zone_codes&quot; is NULL and coalesce(&quot;name&quot;,'')='',if($geometry is NULL,NULL,eval('with_variable(''entries'',eval(''if($geometry is NULL,NULL,with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=restoration_zone''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(&quot;code&quot;),true and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)))''''''''))''''))))''),if(coalesce(array_length(@entries),0)=0,NULL,''{''||array_to_string(array_foreach(@entries,''&quot;''||replace(replace(@element,''\\\\'',''\\\\\\\\''),''&quot;'',''\\\\&quot;'')||''&quot;''),'','')||''}''))')),&quot;zone_codes&quot;)" field="zone_codes" applyOnUpdate="0"/>
  <default expression="if(&quot;key_area_codes&quot; is NULL and coalesce(&quot;name&quot;,'')='',if($geometry is NULL,NULL,eval('if(coalesce(with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=key_area''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,0,coalesce(eval(''aggregate(@sibling,''''sum'''',(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),intersects_bbox($geometry,geometry(@parent)))''),0))),0)&lt;0.5,NULL,with_variable(''entries'',eval(''if($geometry is NULL,NULL,with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=key_area''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(&quot;code&quot;),true and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)))''''''''))''''))))''),if(coalesce(array_length(@entries),0)=0,NULL,''{''||array_to_string(array_foreach(@entries,''&quot;''||replace(replace(@element,''\\\\'',''\\\\\\\\''),''&quot;'',''\\\\&quot;'')||''&quot;''),'','')||''}'')))')),&quot;key_area_codes&quot;)" field="key_area_codes" applyOnUpdate="0"/>
  <default expression="if(&quot;counties&quot; is NULL and coalesce(&quot;name&quot;,'')='',if($geometry is NULL,NULL,eval('with_variable(''entries'',eval(''if($geometry is NULL,NULL,with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=admin_unit''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(&quot;name&quot;),&quot;level&quot;=''''''''''''''''county'''''''''''''''' and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)))''''''''))''''))))''),if(coalesce(array_length(@entries),0)=0,NULL,''{''||array_to_string(array_foreach(@entries,''&quot;''||replace(replace(@element,''\\\\'',''\\\\\\\\''),''&quot;'',''\\\\&quot;'')||''&quot;''),'','')||''}''))')),&quot;counties&quot;)" field="counties" applyOnUpdate="0"/>
  <default expression="" field="tasks" applyOnUpdate="0"/>
  <default expression="if(&quot;start_year&quot; is NULL and coalesce(&quot;name&quot;,'')='',eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=plan''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''to_int(aggregate(@sibling,''''min'''',&quot;start_year&quot;))'')))'),&quot;start_year&quot;)" field="start_year" applyOnUpdate="0"/>
  <default expression="if(&quot;end_year&quot; is NULL and coalesce(&quot;name&quot;,'')='',eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=plan''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''to_int(aggregate(@sibling,''''min'''',&quot;end_year&quot;))'')))'),&quot;end_year&quot;)" field="end_year" applyOnUpdate="0"/>
  <default expression="" field="period_note" applyOnUpdate="0"/>
  <default expression="" field="lead_department" applyOnUpdate="0"/>
  <default expression="" field="departments" applyOnUpdate="0"/>
  <default expression="" field="new_construction_land" applyOnUpdate="0"/>
  <default expression="" field="temporary_land" applyOnUpdate="0"/>
  <default expression="" field="listed_in_plan" applyOnUpdate="0"/>
  <default expression="" field="status" applyOnUpdate="0"/>
  <default expression="" field="opinion_ref" applyOnUpdate="0"/>
  <default expression="" field="stated_quantity" applyOnUpdate="0"/>
  <default expression="round(if(is_valid($geometry),area(transform($geometry,'EPSG:4490','EPSG:6933'))/10000,NULL),2)" field="area_ha" applyOnUpdate="0"/>
  <default expression="" field="remark" applyOnUpdate="0"/>
 </defaults>
 <constraints>
  <constraint unique_strength="0" exp_strength="0" field="fid" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="1" exp_strength="2" field="code" notnull_strength="1" constraints="7"/>
  <constraint unique_strength="0" exp_strength="1" field="name" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="programme_codes" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="project_type" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="measure" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="zone_codes" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="key_area_codes" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="counties" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="tasks" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="1" field="start_year" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="end_year" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="2" field="period_note" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="lead_department" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="departments" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="new_construction_land" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="temporary_land" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="listed_in_plan" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="status" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="opinion_ref" notnull_strength="0" constraints="4"/>
  <constraint unique_strength="0" exp_strength="0" field="stated_quantity" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="0" field="area_ha" notnull_strength="0" constraints="0"/>
  <constraint unique_strength="0" exp_strength="2" field="remark" notnull_strength="0" constraints="4"/>
 </constraints>
 <constraintExpressions>
  <constraint desc="" field="fid" exp=""/>
  <constraint desc="编号不得为空或重复，以所属重点工程的编号开头，写法与已有编号一致（如 A1、1.01）。清空此格并选好重点工程，会填入下一个编号。" field="code" exp="(&quot;code&quot; is NULL or (length(&quot;code&quot;)&lt;=32 and regexp_match(&quot;code&quot;,'[\\r\\n\\t]')=0)) and (&quot;code&quot; is NULL or (if(&quot;code&quot; is not NULL or &quot;programme_codes&quot; is not NULL,coalesce(eval('with_variable(''codes'',coalesce(try(aggregate(@layer_id,''concatenate'',&quot;code&quot;,&quot;code&quot; is not NULL and trim(&quot;code&quot;)&lt;>'''',''\\n''),''''),''''),@codes='''' or regexp_match(@codes,''(^|\\n)''||regexp_replace(regexp_replace(regexp_replace(&quot;code&quot;,''([^0-9A-Za-z])'',''\\\\\\\\1''),''[0-9]+'',''[0-9]+''),''[A-Za-z]+'',''[A-Za-z]+'')||''(\\n|$)'')>0) and with_variable(''programmes'',array_filter(string_to_array(regexp_replace(coalesce(&quot;programme_codes&quot;,''''),''[{}&quot;]'',''''),'',''),@element is not NULL and trim(@element)&lt;>''''),array_length(@programmes)=0 or array_length(array_filter(@programmes,left(&quot;code&quot;,length(@element))=@element))>0)'),true),true)))"/>
  <constraint desc="请填写项目名称，不超过 120 字；过长的部分请移到“主要任务”或“备注”。" field="name" exp="(length(trim(coalesce(&quot;name&quot;,'')))>0) and (length(&quot;name&quot;)&lt;=120)"/>
  <constraint desc="请从重点工程名录中选择；用文字填写时写成 {&quot;A&quot;} 或 {&quot;A&quot;,&quot;B&quot;}，编号须在重点工程表中。" field="programme_codes" exp="(coalesce(&quot;programme_codes&quot;,'') in ('','{}') or regexp_match(&quot;programme_codes&quot;,'^[{]&quot;([^&quot;\\\\]|\\\\.)+&quot;(,&quot;([^&quot;\\\\]|\\\\.)+&quot;)*[}]$')>0) and (if(&quot;programme_codes&quot; is not NULL,coalesce(eval('with_variable(''known'',with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=programme''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''aggregate(@sibling,''''array_agg'''',&quot;code&quot;)''))),@known is NULL or array_length(array_filter(array_filter(string_to_array(regexp_replace(coalesce(&quot;programme_codes&quot;,''''),''[{}&quot;]'',''''),'',''),@element is not NULL and trim(@element)&lt;>''''),not array_contains(@known,trim(@element))))=0)'),true),true))"/>
  <constraint desc="" field="project_type" exp=""/>
  <constraint desc="" field="measure" exp=""/>
  <constraint desc="请选择所在分区，否则选址核查无法判定；用文字填写时写成 {&quot;1&quot;,&quot;4&quot;}，编号须在分区表中。" field="zone_codes" exp="(length(trim(coalesce(&quot;zone_codes&quot;,'')))>0) and (coalesce(&quot;zone_codes&quot;,'') in ('','{}') or regexp_match(&quot;zone_codes&quot;,'^[{]&quot;([^&quot;\\\\]|\\\\.)+&quot;(,&quot;([^&quot;\\\\]|\\\\.)+&quot;)*[}]$')>0) and (if(&quot;zone_codes&quot; is not NULL,coalesce(eval('with_variable(''known'',with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=restoration_zone''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''aggregate(@sibling,''''array_agg'''',&quot;code&quot;)''))),@known is NULL or array_length(array_filter(array_filter(string_to_array(regexp_replace(coalesce(&quot;zone_codes&quot;,''''),''[{}&quot;]'',''''),'',''),@element is not NULL and trim(@element)&lt;>''''),not array_contains(@known,trim(@element))))=0)'),true),true))"/>
  <constraint desc="请从重点区域中选择（可不选）；用文字填写时写成 {&quot;1-1&quot;}，编号须在重点区域表中。" field="key_area_codes" exp="(coalesce(&quot;key_area_codes&quot;,'') in ('','{}') or regexp_match(&quot;key_area_codes&quot;,'^[{]&quot;([^&quot;\\\\]|\\\\.)+&quot;(,&quot;([^&quot;\\\\]|\\\\.)+&quot;)*[}]$')>0) and (if(&quot;key_area_codes&quot; is not NULL,coalesce(eval('with_variable(''known'',with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=key_area''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''aggregate(@sibling,''''array_agg'''',&quot;code&quot;)''))),@known is NULL or array_length(array_filter(array_filter(string_to_array(regexp_replace(coalesce(&quot;key_area_codes&quot;,''''),''[{}&quot;]'',''''),'',''),@element is not NULL and trim(@element)&lt;>''''),not array_contains(@known,trim(@element))))=0)'),true),true))"/>
  <constraint desc="请选择涉及的县（区），否则选址核查无法判定；用文字填写时写成 {&quot;本溪满族自治县&quot;,&quot;南芬区&quot;}。" field="counties" exp="(length(trim(coalesce(&quot;counties&quot;,'')))>0) and (coalesce(&quot;counties&quot;,'') in ('','{}') or regexp_match(&quot;counties&quot;,'^[{]&quot;([^&quot;\\\\]|\\\\.)+&quot;(,&quot;([^&quot;\\\\]|\\\\.)+&quot;)*[}]$')>0)"/>
  <constraint desc="内容过长（超过 4000 字）；请只写关键词，全文作为附件保存。" field="tasks" exp="length(coalesce(&quot;tasks&quot;,''))&lt;=4000"/>
  <constraint desc="开始年份不得晚于完成年份；请对调或改正其中一个。" field="start_year" exp="&quot;start_year&quot; is NULL or &quot;end_year&quot; is NULL or &quot;start_year&quot;&lt;=&quot;end_year&quot;"/>
  <constraint desc="起止年份应在规划期以内（见规划概况）；确需超出的，请在“实施期限说明”中写明。" field="end_year" exp="length(trim(coalesce(&quot;period_note&quot;,'')))>0 or if(&quot;start_year&quot; is not NULL or &quot;end_year&quot; is not NULL,coalesce(eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=plan''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,true,coalesce(eval(''with_variable(''''first'''',coalesce(to_int(aggregate(@sibling,''''min'''',&quot;start_year&quot;)),-9999),with_variable(''''last'''',coalesce(to_int(aggregate(@sibling,''''min'''',&quot;end_year&quot;)),9999),coalesce(&quot;start_year&quot;,@first)>=@first and coalesce(&quot;start_year&quot;,@first)&lt;=@last and coalesce(&quot;end_year&quot;,@last)>=@first and coalesce(&quot;end_year&quot;,@last)&lt;=@last))''),true)))'),true),true)"/>
  <constraint desc="请填写开始和完成年份；年份未定的，在此写明期限如何确定。" field="period_note" exp="(&quot;start_year&quot; is not NULL and &quot;end_year&quot; is not NULL) or length(trim(coalesce(&quot;period_note&quot;,'')))>0"/>
  <constraint desc="" field="lead_department" exp=""/>
  <constraint desc="请填写牵头部门或责任部门；用文字填写责任部门时写成 {&quot;水利部门&quot;,&quot;林草部门&quot;}。" field="departments" exp="(length(trim(coalesce(&quot;lead_department&quot;,'')))>0 or length(trim(coalesce(&quot;departments&quot;,'')))>0) and (coalesce(&quot;departments&quot;,'') in ('','{}') or regexp_match(&quot;departments&quot;,'^[{]&quot;([^&quot;\\\\]|\\\\.)+&quot;(,&quot;([^&quot;\\\\]|\\\\.)+&quot;)*[}]$')>0)"/>
  <constraint desc="" field="new_construction_land" exp=""/>
  <constraint desc="" field="temporary_land" exp=""/>
  <constraint desc="" field="listed_in_plan" exp=""/>
  <constraint desc="" field="status" exp=""/>
  <constraint desc="项目在生态保护红线内新增建设用地或临时用地，请填写认定意见文号；尚未取得的，先完成认定。" field="opinion_ref" exp="length(trim(coalesce(&quot;opinion_ref&quot;,'')))>0 or not (coalesce(&quot;new_construction_land&quot;,false) or coalesce(&quot;temporary_land&quot;,false)) or not coalesce(eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=red_line''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,false,coalesce(eval(''overlay_intersects(@sibling)''),false)))'),false)"/>
  <constraint desc="" field="stated_quantity" exp=""/>
  <constraint desc="" field="area_ha" exp=""/>
  <constraint desc="内容过长（超过 4000 字）；请精简，全文作为附件保存。" field="remark" exp="length(coalesce(&quot;remark&quot;,''))&lt;=4000"/>
 </constraintExpressions>
 <expressionfields/>
 <editform tolerant="1"></editform>
 <editforminit/>
 <editforminitcodesource>0</editforminitcodesource>
 <editforminitfilepath></editforminitfilepath>
 <editforminitcode><![CDATA[]]></editforminitcode>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="基本信息" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="programme_codes" showLabel="1" index="3"/>
   <attributeEditorField name="code" showLabel="1" index="1"/>
   <attributeEditorField name="name" showLabel="1" index="2"/>
   <attributeEditorField name="project_type" showLabel="1" index="4"/>
   <attributeEditorField name="listed_in_plan" showLabel="1" index="17"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="选址用地" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="zone_codes" showLabel="1" index="6"/>
   <attributeEditorField name="key_area_codes" showLabel="1" index="7"/>
   <attributeEditorField name="counties" showLabel="1" index="8"/>
   <attributeEditorField name="new_construction_land" showLabel="1" index="15"/>
   <attributeEditorField name="temporary_land" showLabel="1" index="16"/>
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="site" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="site" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("with_variable('said',with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=restoration_zone'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,NULL,eval('aggregate(@sibling,''concatenate'',replace(coalesce(to_string(\"code\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||'' ''||replace(coalesce(to_string(\"name\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')),strpos(coalesce(attribute(@parent,''zone_codes''),''''),''\"''||\"code\"||''\"'')>0,''；'',\"code\")'))),if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'已选分区：'||'&lt;/span> '||@said||'&lt;/p>'))||with_variable('said',with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=key_area'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,NULL,eval('aggregate(@sibling,''concatenate'',replace(coalesce(to_string(\"code\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||'' ''||replace(coalesce(to_string(\"name\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')),strpos(coalesce(attribute(@parent,''key_area_codes''),''''),''\"''||\"code\"||''\"'')>0,''；'',\"code\")'))),if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'已选重点区域：'||'&lt;/span> '||@said||'&lt;/p>'))||if($geometry is NULL,'&lt;p class=hint>尚未落图，没有量算面积；可以先保存，以后再画范围。&lt;/p>',with_variable('said',if($geometry is NULL,NULL,array_to_string(eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=restoration_zone''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''with_variable(''''touched'''',eval(''''aggregate(@sibling,''''''''array_agg'''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''0'''''''')||(replace(coalesce(to_string(\"code\"||'''''''' ''''''''||coalesce(\"name\",'''''''''''''''')),''''''''''''''''),map(''''''''&amp;'''''''',''''''''&amp;amp;'''''''',''''''''&lt;'''''''',''''''''&amp;lt;'''''''',''''''''>'''''''',''''''''&amp;gt;''''''''))),true and intersects_bbox($geometry,geometry(@parent)))''''),eval(''''with_variable(''''''''touched'''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''array_reverse(array_sort(@touched))''''''''),substr(@element,9)||'''''''' ''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''%''''''''))''''))'')))'),'；')),if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'图上所在分区：'||'&lt;/span> '||@said||'&lt;/p>'))||with_variable('said',if($geometry is NULL,NULL,array_to_string(eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=key_area''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''with_variable(''''touched'''',eval(''''aggregate(@sibling,''''''''array_agg'''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''0'''''''')||(replace(coalesce(to_string(\"code\"||'''''''' ''''''''||coalesce(\"name\",'''''''''''''''')),''''''''''''''''),map(''''''''&amp;'''''''',''''''''&amp;amp;'''''''',''''''''&lt;'''''''',''''''''&amp;lt;'''''''',''''''''>'''''''',''''''''&amp;gt;''''''''))),true and intersects_bbox($geometry,geometry(@parent)))''''),eval(''''with_variable(''''''''touched'''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''array_reverse(array_sort(@touched))''''''''),substr(@element,9)||'''''''' ''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''%''''''''))''''))'')))'),'；')),if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'图上所在重点区域：'||'&lt;/span> '||@said||'&lt;/p>'))||with_variable('said',if($geometry is NULL,NULL,array_to_string(eval('with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=admin_unit''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''with_variable(''''touched'''',eval(''''aggregate(@sibling,''''''''array_agg'''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''0'''''''')||(replace(coalesce(to_string(\"name\"),''''''''''''''''),map(''''''''&amp;'''''''',''''''''&amp;amp;'''''''',''''''''&lt;'''''''',''''''''&amp;lt;'''''''',''''''''>'''''''',''''''''&amp;gt;''''''''))),\"level\"=''''''''county'''''''' and intersects_bbox($geometry,geometry(@parent)))''''),eval(''''with_variable(''''''''touched'''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''array_reverse(array_sort(@touched))''''''''),substr(@element,9)||'''''''' ''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''%''''''''))''''))'')))'),'；')),if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'图上所在县（区）：'||'&lt;/span> '||@said||'&lt;/p>'))||with_variable('said',format_number(if(is_valid($geometry),area(transform($geometry,'EPSG:4490','EPSG:6933'))/10000,NULL),2)||' '||'公顷',if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'量算椭球面积：'||'&lt;/span> '||@said||'&lt;/p>')))||if(eval('restoration_papers('''',0)') is NULL,'&lt;p class=hint>没有“生态修复规划”插件时，列表按文字填写，如 {\"1\",\"4\"}；装有插件时可以勾选。&lt;/p>','')"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="site" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="site" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('with_variable(''said'',with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=restoration_zone''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''aggregate(@sibling,''''concatenate'''',replace(coalesce(to_string("code"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||'''' ''''||replace(coalesce(to_string("name"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')),strpos(coalesce(attribute(@parent,''''zone_codes''''),''''''''),''''"''''||"code"||''''"'''')>0,''''；'''',"code")''))),if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''已选分区：''||''&lt;/span> ''||@said||''&lt;/p>''))||with_variable(''said'',with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=key_area''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,NULL,eval(''aggregate(@sibling,''''concatenate'''',replace(coalesce(to_string("code"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||'''' ''''||replace(coalesce(to_string("name"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')),strpos(coalesce(attribute(@parent,''''key_area_codes''''),''''''''),''''"''''||"code"||''''"'''')>0,''''；'''',"code")''))),if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''已选重点区域：''||''&lt;/span> ''||@said||''&lt;/p>''))||if($geometry is NULL,''&lt;p class=hint>尚未落图，没有量算面积；可以先保存，以后再画范围。&lt;/p>'',with_variable(''said'',if($geometry is NULL,NULL,array_to_string(eval(''with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=restoration_zone''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(replace(coalesce(to_string("code"||'''''''''''''''' ''''''''''''''''||coalesce("name",'''''''''''''''''''''''''''''''')),''''''''''''''''''''''''''''''''),map(''''''''''''''''&amp;'''''''''''''''',''''''''''''''''&amp;amp;'''''''''''''''',''''''''''''''''&lt;'''''''''''''''',''''''''''''''''&amp;lt;'''''''''''''''',''''''''''''''''>'''''''''''''''',''''''''''''''''&amp;gt;''''''''''''''''))),true and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)||'''''''''''''''' ''''''''''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''''''''''%''''''''''''''''))''''''''))'''')))''),''；'')),if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''图上所在分区：''||''&lt;/span> ''||@said||''&lt;/p>''))||with_variable(''said'',if($geometry is NULL,NULL,array_to_string(eval(''with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=key_area''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(replace(coalesce(to_string("code"||'''''''''''''''' ''''''''''''''''||coalesce("name",'''''''''''''''''''''''''''''''')),''''''''''''''''''''''''''''''''),map(''''''''''''''''&amp;'''''''''''''''',''''''''''''''''&amp;amp;'''''''''''''''',''''''''''''''''&lt;'''''''''''''''',''''''''''''''''&amp;lt;'''''''''''''''',''''''''''''''''>'''''''''''''''',''''''''''''''''&amp;gt;''''''''''''''''))),true and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)||'''''''''''''''' ''''''''''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''''''''''%''''''''''''''''))''''''''))'''')))''),''；'')),if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''图上所在重点区域：''||''&lt;/span> ''||@said||''&lt;/p>''))||with_variable(''said'',if($geometry is NULL,NULL,array_to_string(eval(''with_variable(''''sibling'''',with_variable(''''wanted'''',regexp_replace(layer_property(@layer_id,''''source''''),''''[|]layername=.*$'''',''''|layername=admin_unit''''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''''source'''')||''''|'''',length(@wanted)+1)=@wanted||''''|'''',false)))),if(@sibling is NULL,NULL,eval(''''with_variable(''''''''touched'''''''',eval(''''''''aggregate(@sibling,''''''''''''''''array_agg'''''''''''''''',lpad(to_string(round(10000000*(coalesce(area(intersection($geometry,if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))),0)/area(if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0)))))),8,''''''''''''''''0'''''''''''''''')||(replace(coalesce(to_string("name"),''''''''''''''''''''''''''''''''),map(''''''''''''''''&amp;'''''''''''''''',''''''''''''''''&amp;amp;'''''''''''''''',''''''''''''''''&lt;'''''''''''''''',''''''''''''''''&amp;lt;'''''''''''''''',''''''''''''''''>'''''''''''''''',''''''''''''''''&amp;gt;''''''''''''''''))),"level"=''''''''''''''''county'''''''''''''''' and intersects_bbox($geometry,geometry(@parent)))''''''''),eval(''''''''with_variable(''''''''''''''''touched'''''''''''''''',array_filter(@touched,to_int(left(@element,8))>=100000),array_foreach(eval(''''''''''''''''array_reverse(array_sort(@touched))''''''''''''''''),substr(@element,9)||'''''''''''''''' ''''''''''''''''||format_number(to_int(left(@element,8))/100000,1)||''''''''''''''''%''''''''''''''''))''''''''))'''')))''),''；'')),if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''图上所在县（区）：''||''&lt;/span> ''||@said||''&lt;/p>''))||with_variable(''said'',format_number(if(is_valid($geometry),area(transform($geometry,''EPSG:4490'',''EPSG:6933''))/10000,NULL),2)||'' ''||''公顷'',if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''量算椭球面积：''||''&lt;/span> ''||@said||''&lt;/p>'')))||if(eval(''restoration_papers('''''''',0)'') is NULL,''&lt;p class=hint>没有“生态修复规划”插件时，列表按文字填写，如 {"1","4"}；装有插件时可以勾选。&lt;/p>'','''')')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="建设内容" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="measure" showLabel="1" index="5"/>
   <attributeEditorField name="tasks" showLabel="1" index="9"/>
   <attributeEditorField name="stated_quantity" showLabel="1" index="20"/>
   <attributeEditorField name="area_ha" showLabel="1" index="21"/>
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="measured" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="measured" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("if($geometry is NULL,'&lt;p class=hint>尚未落图，没有量算面积；可以先保存，以后再画范围。&lt;/p>',if(is_valid($geometry),with_variable('said',format_number(if(is_valid($geometry),area(transform($geometry,'EPSG:4490','EPSG:6933'))/10000,NULL),2)||' '||'公顷',if(coalesce(@said,'')='','','&lt;p>&lt;span class=hint>'||'量算椭球面积：'||'&lt;/span> '||@said||'&lt;/p>')),'&lt;p class=review>范围线自相交，修正后才能量算面积。&lt;/p>'))"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="measured" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="measured" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('if($geometry is NULL,''&lt;p class=hint>尚未落图，没有量算面积；可以先保存，以后再画范围。&lt;/p>'',if(is_valid($geometry),with_variable(''said'',format_number(if(is_valid($geometry),area(transform($geometry,''EPSG:4490'',''EPSG:6933''))/10000,NULL),2)||'' ''||''公顷'',if(coalesce(@said,'''')='''','''',''&lt;p>&lt;span class=hint>''||''量算椭球面积：''||''&lt;/span> ''||@said||''&lt;/p>'')),''&lt;p class=review>范围线自相交，修正后才能量算面积。&lt;/p>''))')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="时限责任" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="start_year" showLabel="1" index="10"/>
   <attributeEditorField name="end_year" showLabel="1" index="11"/>
   <attributeEditorField name="period_note" showLabel="1" index="12"/>
   <attributeEditorField name="lead_department" showLabel="1" index="13"/>
   <attributeEditorField name="departments" showLabel="1" index="14"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="审批备注" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorField name="status" showLabel="1" index="18"/>
   <attributeEditorField name="opinion_ref" showLabel="1" index="19"/>
   <attributeEditorField name="remark" showLabel="1" index="22"/>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="核查复核" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="findings" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="findings" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("'&lt;h4>选址核查结果&lt;/h4>'||with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=siting_finding'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,'&lt;p class=hint>要在此显示内容，请把同一规划库的“选址核查结果”图层也加入工程。&lt;/p>',coalesce(eval('with_variable(''rows'',coalesce(aggregate(@sibling,''concatenate'',''&lt;tr>''||''&lt;td class=\"g ''||if(\"grade\" in (''violation'',''review'',''undetermined'',''permitted'',''pass''),\"grade\",'''')||''\">''||coalesce(map_get(map(''violation'',''冲突'',''review'',''需复核'',''undetermined'',''无法判定'',''permitted'',''允许（需认定意见）'',''pass'',''通过''),\"grade\"),replace(coalesce(to_string(\"grade\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td>''||coalesce(map_get(map(''missing_geometry'',''未落图'',''invalid_geometry'',''图形有误'',''outside_plan'',''超出规划范围'',''outside_zone'',''超出所填分区'',''outside_key_area'',''超出所填重点区域'',''red_line'',''压占生态保护红线'',''reserve_core'',''位于核心保护区'',''reserve_general'',''位于一般控制区'',''basic_farmland'',''压占永久基本农田'',''urban_boundary'',''超出城镇开发边界'',''project_overlap'',''项目重叠'',''county_mismatch'',''县（区）不符''),\"rule\"),replace(coalesce(to_string(\"rule\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td>''||trim(replace(coalesce(to_string(\"target_code\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||'' ''||replace(coalesce(to_string(\"target_name\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td class=n>''||coalesce(format_number(\"area_m2\"/10000,4),'''')||''&lt;/td>''||''&lt;td class=n>''||coalesce(format_number(\"share_pct\",1),'''')||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"advice\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;/tr>'',\"project_code\"=attribute(@parent,''code''),'''',array_find(array(''violation'',''review'',''undetermined'',''permitted'',''pass''),\"grade\")),''''),if(@rows='''',''&lt;p class=hint>没有核查结果：尚未核查，或核查通过。&lt;/p>'',''&lt;table>&lt;tr>&lt;th>等级&lt;/th>&lt;th>核查内容&lt;/th>&lt;th>涉及对象&lt;/th>&lt;th>面积（公顷）&lt;/th>&lt;th>占比（%）&lt;/th>&lt;th>处理建议&lt;/th>&lt;/tr>''||@rows||''&lt;/table>''))'),'&lt;p class=hint>要在此显示内容，请把同一规划库的“选址核查结果”图层也加入工程。&lt;/p>')))||'&lt;br>'||'&lt;h4>复核意见&lt;/h4>'||with_variable('sibling',with_variable('wanted',regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername=siting_review'),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|',false)))),if(@sibling is NULL,'&lt;p class=hint>要在此显示内容，请把同一规划库的“复核意见”图层也加入工程。&lt;/p>',coalesce(eval('with_variable(''rows'',coalesce(aggregate(@sibling,''concatenate'',''&lt;tr>''||''&lt;td>''||coalesce(map_get(map(''missing_geometry'',''未落图'',''invalid_geometry'',''图形有误'',''outside_plan'',''超出规划范围'',''outside_zone'',''超出所填分区'',''outside_key_area'',''超出所填重点区域'',''red_line'',''压占生态保护红线'',''reserve_core'',''位于核心保护区'',''reserve_general'',''位于一般控制区'',''basic_farmland'',''压占永久基本农田'',''urban_boundary'',''超出城镇开发边界'',''project_overlap'',''项目重叠'',''county_mismatch'',''县（区）不符''),\"rule\"),replace(coalesce(to_string(\"rule\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"target_code\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||coalesce(map_get(map(''accepted'',''认可'',''rejected'',''不认可''),\"decision\"),replace(coalesce(to_string(\"decision\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"note\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||replace(coalesce(to_string(\"document\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||''&lt;/td>''||''&lt;td>''||trim(replace(coalesce(to_string(\"reviewer\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;''))||'' ''||replace(coalesce(to_string(\"reviewed_at\"),''''),map(''&amp;'',''&amp;amp;'',''&lt;'',''&amp;lt;'',''>'',''&amp;gt;'')))||''&lt;/td>''||''&lt;/tr>'',\"project_code\"=attribute(@parent,''code''),'''',\"reviewed_at\"),''''),if(@rows='''',''&lt;p class=hint>没有复核意见。&lt;/p>'',''&lt;table>&lt;tr>&lt;th>核查内容&lt;/th>&lt;th>涉及对象&lt;/th>&lt;th>意见&lt;/th>&lt;th>说明&lt;/th>&lt;th>依据文件&lt;/th>&lt;th>复核人与日期&lt;/th>&lt;/tr>''||@rows||''&lt;/table>''))'),'&lt;p class=hint>要在此显示内容，请把同一规划库的“复核意见”图层也加入工程。&lt;/p>')))"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="findings" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="findings" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('''&lt;h4>选址核查结果&lt;/h4>''||with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=siting_finding''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,''&lt;p class=hint>要在此显示内容，请把同一规划库的“选址核查结果”图层也加入工程。&lt;/p>'',coalesce(eval(''with_variable(''''rows'''',coalesce(aggregate(@sibling,''''concatenate'''',''''&lt;tr>''''||''''&lt;td class="g ''''||if("grade" in (''''violation'''',''''review'''',''''undetermined'''',''''permitted'''',''''pass''''),"grade",'''''''')||''''">''''||coalesce(map_get(map(''''violation'''',''''冲突'''',''''review'''',''''需复核'''',''''undetermined'''',''''无法判定'''',''''permitted'''',''''允许（需认定意见）'''',''''pass'''',''''通过''''),"grade"),replace(coalesce(to_string("grade"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td>''''||coalesce(map_get(map(''''missing_geometry'''',''''未落图'''',''''invalid_geometry'''',''''图形有误'''',''''outside_plan'''',''''超出规划范围'''',''''outside_zone'''',''''超出所填分区'''',''''outside_key_area'''',''''超出所填重点区域'''',''''red_line'''',''''压占生态保护红线'''',''''reserve_core'''',''''位于核心保护区'''',''''reserve_general'''',''''位于一般控制区'''',''''basic_farmland'''',''''压占永久基本农田'''',''''urban_boundary'''',''''超出城镇开发边界'''',''''project_overlap'''',''''项目重叠'''',''''county_mismatch'''',''''县（区）不符''''),"rule"),replace(coalesce(to_string("rule"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td>''''||trim(replace(coalesce(to_string("target_code"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||'''' ''''||replace(coalesce(to_string("target_name"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td class=n>''''||coalesce(format_number("area_m2"/10000,4),'''''''')||''''&lt;/td>''''||''''&lt;td class=n>''''||coalesce(format_number("share_pct",1),'''''''')||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("advice"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;/tr>'''',"project_code"=attribute(@parent,''''code''''),'''''''',array_find(array(''''violation'''',''''review'''',''''undetermined'''',''''permitted'''',''''pass''''),"grade")),''''''''),if(@rows='''''''',''''&lt;p class=hint>没有核查结果：尚未核查，或核查通过。&lt;/p>'''',''''&lt;table width=480>&lt;tr>&lt;th>等级&lt;/th>&lt;th>核查内容&lt;/th>&lt;th>涉及对象&lt;/th>&lt;th>面积（公顷）&lt;/th>&lt;th>占比（%）&lt;/th>&lt;th>处理建议&lt;/th>&lt;/tr>''''||@rows||''''&lt;/table>''''))''),''&lt;p class=hint>要在此显示内容，请把同一规划库的“选址核查结果”图层也加入工程。&lt;/p>'')))||''&lt;br>''||''&lt;h4>复核意见&lt;/h4>''||with_variable(''sibling'',with_variable(''wanted'',regexp_replace(layer_property(@layer_id,''source''),''[|]layername=.*$'',''|layername=siting_review''),array_first(array_filter(@layer_ids,coalesce(left(layer_property(@element,''source'')||''|'',length(@wanted)+1)=@wanted||''|'',false)))),if(@sibling is NULL,''&lt;p class=hint>要在此显示内容，请把同一规划库的“复核意见”图层也加入工程。&lt;/p>'',coalesce(eval(''with_variable(''''rows'''',coalesce(aggregate(@sibling,''''concatenate'''',''''&lt;tr>''''||''''&lt;td>''''||coalesce(map_get(map(''''missing_geometry'''',''''未落图'''',''''invalid_geometry'''',''''图形有误'''',''''outside_plan'''',''''超出规划范围'''',''''outside_zone'''',''''超出所填分区'''',''''outside_key_area'''',''''超出所填重点区域'''',''''red_line'''',''''压占生态保护红线'''',''''reserve_core'''',''''位于核心保护区'''',''''reserve_general'''',''''位于一般控制区'''',''''basic_farmland'''',''''压占永久基本农田'''',''''urban_boundary'''',''''超出城镇开发边界'''',''''project_overlap'''',''''项目重叠'''',''''county_mismatch'''',''''县（区）不符''''),"rule"),replace(coalesce(to_string("rule"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("target_code"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||coalesce(map_get(map(''''accepted'''',''''认可'''',''''rejected'''',''''不认可''''),"decision"),replace(coalesce(to_string("decision"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("note"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||replace(coalesce(to_string("document"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||''''&lt;/td>''''||''''&lt;td>''''||trim(replace(coalesce(to_string("reviewer"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;''''))||'''' ''''||replace(coalesce(to_string("reviewed_at"),''''''''),map(''''&amp;'''',''''&amp;amp;'''',''''&lt;'''',''''&amp;lt;'''',''''>'''',''''&amp;gt;'''')))||''''&lt;/td>''''||''''&lt;/tr>'''',"project_code"=attribute(@parent,''''code''''),'''''''',"reviewed_at"),''''''''),if(@rows='''''''',''''&lt;p class=hint>没有复核意见。&lt;/p>'''',''''&lt;table width=480>&lt;tr>&lt;th>核查内容&lt;/th>&lt;th>涉及对象&lt;/th>&lt;th>意见&lt;/th>&lt;th>说明&lt;/th>&lt;th>依据文件&lt;/th>&lt;th>复核人与日期&lt;/th>&lt;/tr>''''||@rows||''''&lt;/table>''''))''),''&lt;p class=hint>要在此显示内容，请把同一规划库的“复核意见”图层也加入工程。&lt;/p>'')))')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="资料照片" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="papers" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="papers" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("coalesce(eval('restoration_papers(layer_property(@layer_id,''source''),$id)'),'&lt;p class=hint>项目的资料与照片在此列出；须装有并启用“生态修复规划”插件。没有插件时，规划库中的资料不受影响。&lt;/p>')"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="papers" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="papers" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('coalesce(eval(''restoration_papers(layer_property(@layer_id,''''source''''),$id)''),''&lt;p class=hint>项目的资料与照片在此列出；须装有并启用“生态修复规划”插件。没有插件时，规划库中的资料不受影响。&lt;/p>'')')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
  <attributeEditorContainer groupBox="0" visibilityExpressionEnabled="0" name="修改记录" visibilityExpression="" showLabel="1" columnCount="1">
   <attributeEditorContainer groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="history" visibilityExpression="@qgis_version_no &lt; 33000" showLabel="0" columnCount="1">
    <attributeEditorHtmlElement name="history" showLabel="0">&lt;style>.wide{min-width:480px}body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;script>var page=document.documentElement;page.className='wide';window.onload=function(){setTimeout(function(){page.className=''},0)}&lt;/script>&lt;script>document.write(expression.evaluate("coalesce(eval('restoration_history(layer_property(@layer_id,''source''),$id)'),'&lt;p class=hint>谁、何时、改了什么，由“生态修复规划”插件在此列出；没有插件时，已有的记录不受影响。&lt;/p>')"));&lt;/script></attributeEditorHtmlElement>
   </attributeEditorContainer>
   <attributeEditorContainer type="Row" groupBox="1" visibilityExpressionEnabled="1" backgroundColor="#ffffff" name="history" visibilityExpression="@qgis_version_no >= 33000" showLabel="0" columnCount="1">
    <attributeEditorTextElement name="history" showLabel="0">&lt;style>td,th{padding:3px 10px 3px 0;text-align:left;vertical-align:top}h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}.violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}&lt;/style>&lt;!--restoration_planner-->&lt;table width=480>&lt;tr>&lt;td class=all>[%eval('coalesce(eval(''restoration_history(layer_property(@layer_id,''''source''''),$id)''),''&lt;p class=hint>谁、何时、改了什么，由“生态修复规划”插件在此列出；没有插件时，已有的记录不受影响。&lt;/p>'')')%]&lt;/td>&lt;/tr>&lt;/table></attributeEditorTextElement>
   </attributeEditorContainer>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable/>
 <labelOnTop/>
 <reuseLastValue/>
 <dataDefinedFieldProperties/>
 <widgets/>
 <layerGeometryType>2</layerGeometryType>
</qgis>
